"""Any text whatever, and an encoder of a few words, as the knowledge base's tests have them."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "knowledge_base"))
