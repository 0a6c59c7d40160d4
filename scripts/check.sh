#!/usr/bin/env bash
# `make check`: says all that is wrong, not only the first of it.
set -uo pipefail
cd "$(dirname "$0")/.."
python=.venv/bin/python
failed=()

step() {
  echo "── $*"
  "$@" || failed+=("$*")
}

packages=()
for package in text_classification knowledge_base actions channels evals launcher bot; do
  [ -f "$package/__init__.py" ] && packages+=("$package")
done

step $python -m ruff check .
step $python -m ruff format --check .
step $python -m mypy "${packages[@]}"
step $python -c "from importlinter.cli import lint_imports_command; lint_imports_command()"
step $python -m knowledge_base check

if [ ${#failed[@]} -gt 0 ]; then
  printf '\nFailed:\n' >&2
  printf '  %s\n' "${failed[@]}" >&2
  exit 1
fi
echo "All checks passed."
