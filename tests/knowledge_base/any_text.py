"""What people, phones and attackers send: nothing of it may crash or hang anything."""

from hypothesis import strategies

ANY_TEXT = {
    "empty": "",
    "blank": " \t\n\u3000\u00a0",
    "20,000 characters": "what happens to my case now? " * 690,
    "20,000 letters without a space": "a" * 20_000,
    "20,000 letters and hyphens": "a-" * 10_000,
    "20,000 exclamation marks": "!" * 20_000,
    "NUL": "how\x00 big \x00\x00",
    "control characters": "".join(map(chr, range(32))) + "\x7f\x85\x9f",
    "lone surrogates": "\ud800 court \udfff\udc00\ud83d",
    "U+FDFA a hundred times": "\ufdfa" * 100,
    "U+FDFA 20,000 times": "\ufdfa" * 20_000,
    "emoji": "😭🙏🏽👨‍👩‍👧‍👦🇲🇽" * 20,
    "right-to-left marks": "\u200f\u202eمحكمة\u202c\u200e \u2067court\u2069",
    "combining marks": "z" + "\u0315\u0300" * 200,
    "punctuation": "¿?¡!...---///",
    "byte order mark": "\ufeffwhat is it",
    "noncharacters": "\uffff\ufffe\U0010ffff",
    "private use": "\ue000\uf8ff" * 50,
    "markup": "<script>alert(1)</script> {{7*7}} ${x} %s {name} /restart",
    "many scripts": "court суд আদালত tribinal 법원 محكمة عدالت अदालत ਅਦਾਲਤ अदालत 法院",
}

# Also what `str` may hold and UTF-8 may not.
any_text = strategies.text(strategies.characters(), max_size=300)
