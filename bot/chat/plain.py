"""Pure: text of any origin becomes text that shows what it holds, without characters that hide, reorder or pile up."""

import re

UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f"  # controls but tab and line feed
    "\u00ad\u034f\u115f\u1160\u17b4\u17b5\u3164\uffa0"  # soft hyphen, joiners and fillers that draw nothing
    "\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"  # directions, zero widths, annotations
    "\ufffe\uffff\U000e0000-\U000e007f]"  # no characters at all, and tags
)
"""Default-ignorable and control characters (Unicode 16, UAX 44 and UTS 39) that change how others read or draw nothing.

The joiners ZWJ and ZWNJ and the variation selectors stay where they join: emoji and rare ideographs are made with them.
"""
ENDS = re.compile("\r\n?|[\u2028\u2029\u0085]")
LONE = re.compile("[\ud800-\udfff]")
HAN = "\u2e80-\u9fff"
JOINERS = re.compile(
    f"[\u200c\u200d]{{2,}}|(?<!\\S)[\u200c\u200d]|[\u200c\u200d](?!\\S)|(?<=[{HAN}])[\u200c\u200d]|[\u200c\u200d](?=[{HAN}])"
)
"""Joiners that join nothing: several, at an edge, or beside a Chinese character."""
MARKS = "[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]"
PILE = re.compile(f"({MARKS}{{3}}){MARKS}+")
"""More than three marks on one letter, which no language writes."""


def plain(text: str) -> str:
    """The text as people see it: one kind of line end, nothing unseen, no lone half of a character, no pile of marks.

    Text that is plain already is returned as it is; applying it again changes nothing.
    """
    if text.isascii() and text.isprintable():
        return text
    text = LONE.sub("\ufffd", ENDS.sub("\n", text))
    return PILE.sub(r"\1", JOINERS.sub("", UNSEEN.sub("", text)))
