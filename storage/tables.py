"""All tables, as the newest migration leaves them; the drift test compares both.

Longer than other files because tables name one another and are read beside each other; there is no logic to split off.
"""

from sqlalchemy import JSON, Boolean, Column, Date, ForeignKey, Index, Integer, LargeBinary, MetaData, Table, UniqueConstraint, text

from storage.columns import Moment, Written

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)

# Ids are never given out twice (sqlite_autoincrement), because outbox keys and buttons hold them.

plans = Table(
    "plans",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("identity", Written, nullable=False, index=True),
    Column("issuer", Written, nullable=False),
    Column("title", Written, nullable=False),
    Column("created_at", Moment, nullable=False),
    sqlite_autoincrement=True,
)

plan_versions = Table(
    "plan_versions",
    metadata,
    Column("plan", ForeignKey(plans.c.id, ondelete="CASCADE"), primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("state", Written, nullable=False),
    Column("digest", Written, nullable=False, index=True),
    Column("document", JSON, nullable=False),
    Column("imported_at", Moment, nullable=False),
    Column("released_at", Moment),
    Column("ended_at", Moment),
    # The database itself holds at most one released version of a plan.
    Index(
        "uq_plan_versions_released",
        "plan",
        unique=True,
        sqlite_where=text("state = 'released'"),
        postgresql_where=text("state = 'released'"),
    ),
)

counters = Table(
    "counters",
    metadata,
    Column("name", Written, primary_key=True),
    Column("value", Integer, nullable=False),
)

units = Table(
    "units",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", Written, nullable=False, unique=True),
    Column("kind", Written, nullable=False),
    Column("parent", Written, nullable=False),
    Column("aliases", JSON, nullable=False),
    Column("groups", JSON, nullable=False),
    Column("position", Integer, nullable=False),
    sqlite_autoincrement=True,
)

people = Table(
    "people",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("rank", Integer, nullable=False),
    Column("name", Written, nullable=False),
    Column("unit", ForeignKey(units.c.id, ondelete="SET NULL"), index=True),
    Column("language", Written, nullable=False),
    Column("script", Written, nullable=False),
    Column("muted", Boolean, nullable=False),
    Column("met_at", Moment, nullable=False),
    Column("scope", Written, nullable=False),
    Column("group", Written, nullable=False),
    Column("forgotten_at", Moment),
    sqlite_autoincrement=True,
)

# Rows are only added; an undoing is one too. `since` is the version a correction was made on.
mends = Table(
    "mends",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("plan", ForeignKey(plans.c.id, ondelete="CASCADE"), nullable=False, index=True),
    Column("since", Integer, nullable=False),
    Column("field", Written, nullable=False),
    Column("spot", JSON, nullable=False),
    Column("value", JSON, nullable=False),
    Column("person", ForeignKey(people.c.id, ondelete="SET NULL"), index=True),
    Column("made_at", Moment, nullable=False),
    sqlite_autoincrement=True,
)

# A group has an address and no person.
addresses = Table(
    "addresses",
    metadata,
    Column("channel", Written, primary_key=True),
    Column("chat", Written, primary_key=True),
    Column("person", ForeignKey(people.c.id, ondelete="CASCADE"), index=True),
    Column("opened_at", Moment, nullable=False),
    Column("closed_at", Moment),
    Column("closed_why", Written, nullable=False),
    Column("preferred", Boolean, nullable=False),
)

# Of a removed unit no invitation is left, or it would invite to a rank without a unit.
invitations = Table(
    "invitations",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("code_hash", Written, nullable=False, unique=True),
    Column("rank", Integer, nullable=False),
    Column("unit", ForeignKey(units.c.id, ondelete="CASCADE"), index=True),
    Column("uses", Integer, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False),
    Column("group", Written, nullable=False),
    Column("author", ForeignKey(people.c.id, ondelete="SET NULL"), index=True),
    Column("revoked_at", Moment),
    sqlite_autoincrement=True,
)

redemptions = Table(
    "redemptions",
    metadata,
    Column("invitation", ForeignKey(invitations.c.id, ondelete="CASCADE"), primary_key=True),
    Column("person", ForeignKey(people.c.id, ondelete="CASCADE"), primary_key=True, index=True),
    Column("redeemed_at", Moment, nullable=False),
)

# Short codes shown at one address of a person and typed at another, to make both of them one person's.
joins = Table(
    "joins",
    metadata,
    Column("person", ForeignKey(people.c.id, ondelete="CASCADE"), primary_key=True),
    Column("code_hash", Written, nullable=False, unique=True),
    Column("expires_at", Moment, nullable=False),
)

# Wrong codes, so that guessing is slowed down.
guesses = Table(
    "guesses",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("person", ForeignKey(people.c.id, ondelete="CASCADE"), nullable=False, index=True),
    Column("at", Moment, nullable=False, index=True),
    sqlite_autoincrement=True,
)

# Of a group nobody is the holder, its address is; a refused one says that its holder does not want to hear of it.
subscriptions = Table(
    "subscriptions",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("person", ForeignKey(people.c.id, ondelete="CASCADE")),
    Column("kind", Written, nullable=False),
    Column("reference", Written, nullable=False),
    Column("channel", Written, nullable=False),
    Column("chat", Written, nullable=False),
    Column("days", JSON),
    Column("working", Boolean),
    Column("at", Written, nullable=False),
    Column("paused_until", Moment),
    Column("refused", Boolean, nullable=False),
    Column("by_rank", Boolean, nullable=False),
    Column("unit", ForeignKey(units.c.id, ondelete="SET NULL"), index=True),
    Column("rank", Integer, nullable=False),
    Column("created_at", Moment, nullable=False),
    UniqueConstraint("person", "kind", "reference"),
    Index(
        "uq_subscriptions_group",
        "channel",
        "chat",
        "kind",
        "reference",
        unique=True,
        sqlite_where=text("person IS NULL"),
        postgresql_where=text("person IS NULL"),
    ),
    Index(None, "kind", "reference"),
    sqlite_autoincrement=True,
)

# What people of a rank follow without having asked.
rank_defaults = Table(
    "rank_defaults",
    metadata,
    Column("rank", Integer, primary_key=True, autoincrement=False),
    Column("kind", Written, primary_key=True),
    Column("days", JSON),
)

# How people want to be reminded, where they chose.
habits = Table(
    "habits",
    metadata,
    Column("person", ForeignKey(people.c.id, ondelete="CASCADE"), primary_key=True),
    Column("zone", Written, nullable=False),
    Column("quiet_from", Written, nullable=False),
    Column("quiet_until", Written, nullable=False),
    Column("at", Written, nullable=False),
    Column("days", JSON),
    Column("working", Boolean),
)

# What reminders were last planned on, of each plan document; what differs from the plans in use is told to followers.
plannings = Table(
    "plannings",
    metadata,
    Column("plan", ForeignKey(plans.c.id, ondelete="CASCADE"), primary_key=True),
    Column("digest", Written, nullable=False),
    Column("subjects", JSON, nullable=False),
)

# Under which id an event or measure was first known; another version may word it anew.
threads = Table(
    "threads",
    metadata,
    Column("id", Written, primary_key=True),
    Column("root", Written, nullable=False, index=True),
)

# What a new version changed, until everybody whom it concerns is owed a message (`told_at`) and after.
shifts = Table(
    "shifts",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("plan", ForeignKey(plans.c.id, ondelete="CASCADE"), nullable=False, index=True),
    Column("changes", JSON, nullable=False),
    Column("made_at", Moment, nullable=False),
    Column("told_at", Moment),
    sqlite_autoincrement=True,
)

# Reminders in people's own words; the rule is a time, a rhythm, or days before an event.
own_reminders = Table(
    "own_reminders",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("person", ForeignKey(people.c.id, ondelete="CASCADE"), nullable=False, index=True),
    Column("channel", Written, nullable=False),
    Column("chat", Written, nullable=False),
    Column("text", Written, nullable=False),
    Column("rule", JSON, nullable=False),
    Column("paused_until", Moment),
    Column("created_at", Moment, nullable=False),
    Column("ended_at", Moment),
    sqlite_autoincrement=True,
)

outbox = Table(
    "outbox",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("key", Written, nullable=False),
    Column("part", Integer, nullable=False),
    Column("kind", Written, nullable=False),
    Column("reference", Written, nullable=False),
    Column("person", ForeignKey(people.c.id, ondelete="SET NULL"), index=True),
    Column("channel", Written, nullable=False),
    Column("chat", Written, nullable=False),
    Column("lane", Integer, nullable=False),
    Column("not_before", Moment, nullable=False),
    Column("expires", Moment),
    Column("state", Written, nullable=False),
    Column("token", Written, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("repeat", Boolean, nullable=False),
    Column("remotes", JSON, nullable=False),
    Column("detail", Written, nullable=False),
    Column("lease_until", Moment),
    Column("planned_at", Moment, nullable=False),
    Column("settled_at", Moment),
    Column("told_by", Written, index=True),
    UniqueConstraint("key", "part"),
    # In the order of a claim, so that it reads just the rows it takes; its first column also serves the counts by state.
    Index(None, "state", "lane", "not_before", "id"),
    Index("ix_outbox_expires", "expires", sqlite_where=text("state = 'queued'"), postgresql_where=text("state = 'queued'")),
    Index(None, "kind", "reference"),
    Index(None, "channel", "chat"),
    # What came too late and no message tells of yet; `told_by` is the key of the one that does.
    Index(
        "ix_outbox_missed",
        "kind",
        sqlite_where=text("state = 'missed' AND told_by IS NULL"),
        postgresql_where=text("state = 'missed' AND told_by IS NULL"),
    ),
    sqlite_autoincrement=True,
)

notices = Table(
    "notices",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("author", ForeignKey(people.c.id, ondelete="SET NULL"), index=True),
    Column("state", Written, nullable=False, index=True),
    Column("revision", Integer, nullable=False),
    Column("text", Written, nullable=False),
    Column("selection", Written, nullable=False),
    Column("ask", Written, nullable=False),
    Column("options", JSON, nullable=False),
    Column("until", Moment),
    Column("at", Moment),
    Column("rounds", Integer, nullable=False),
    Column("changes", Integer, nullable=False),
    Column("round_at", Moment),
    Column("created_at", Moment, nullable=False),
    Column("confirmed_at", Moment),
    # The text with its placeholders, where it was filled in when it was confirmed.
    Column("written", Written, nullable=False),
    # When in each term it leaves, as bot/notice/rhythm.py keeps it; empty where it leaves once.
    Column("every", Written, nullable=False),
    # The district's notice that this one passes on.
    Column("parent", ForeignKey("notices.id", ondelete="SET NULL"), index=True),
    sqlite_autoincrement=True,
)

# A notice of every term has a row a term, planned ahead; `term` is its first day as ISO date, `made` the notice that it became.
notice_terms = Table(
    "notice_terms",
    metadata,
    Column("notice", ForeignKey(notices.c.id, ondelete="CASCADE"), primary_key=True),
    Column("term", Written, primary_key=True),
    Column("at", Moment, nullable=False),
    Column("state", Written, nullable=False),
    Column("made", ForeignKey(notices.c.id, ondelete="SET NULL"), index=True),
    Index("ix_notice_terms_state", "state", "at"),
)

templates = Table(
    "templates",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", Written, nullable=False, unique=True),
    Column("text", Written, nullable=False),
    Column("selection", Written, nullable=False),
    Column("ask", Written, nullable=False),
    Column("options", JSON, nullable=False),
    Column("person", ForeignKey(people.c.id, ondelete="SET NULL"), index=True),
    Column("at", Moment, nullable=False),
    sqlite_autoincrement=True,
)

# Lists of people and units that a notice may be for; a unit stands for all its people at the time.
lists = Table(
    "lists",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", Written, nullable=False, unique=True),
    Column("person", ForeignKey(people.c.id, ondelete="SET NULL"), index=True),
    Column("at", Moment, nullable=False),
    sqlite_autoincrement=True,
)

list_members = Table(
    "list_members",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("list", ForeignKey(lists.c.id, ondelete="CASCADE"), nullable=False, index=True),
    Column("person", ForeignKey(people.c.id, ondelete="CASCADE"), index=True),
    Column("unit", ForeignKey(units.c.id, ondelete="CASCADE"), index=True),
)

# Whom a confirmed notice is for, also where they have no address; the unit is the one they had then.
notice_people = Table(
    "notice_people",
    metadata,
    Column("notice", ForeignKey(notices.c.id, ondelete="CASCADE"), primary_key=True),
    Column("person", ForeignKey(people.c.id, ondelete="CASCADE"), primary_key=True, index=True),
    Column("unit", ForeignKey(units.c.id, ondelete="SET NULL"), index=True),
)

notice_answers = Table(
    "notice_answers",
    metadata,
    Column("notice", ForeignKey(notices.c.id, ondelete="CASCADE"), primary_key=True),
    Column("person", ForeignKey(people.c.id, ondelete="CASCADE"), primary_key=True, index=True),
    Column("value", Written, nullable=False),
    Column("at", Moment, nullable=False),
)

# Messages that show how a notice goes and are kept up to date.
boards = Table(
    "boards",
    metadata,
    Column("channel", Written, primary_key=True),
    Column("chat", Written, primary_key=True),
    Column("notice", ForeignKey(notices.c.id, ondelete="CASCADE"), primary_key=True),
    Column("person", ForeignKey(people.c.id, ondelete="CASCADE"), nullable=False, index=True),
    Column("remote", Written, nullable=False),
    Column("crowd", Boolean, nullable=False),
    Column("shown", Written, nullable=False),
    Column("turn", Integer, nullable=False),
    Column("changed_at", Moment, nullable=False),
)

# A survey's votes are counted without the voter; that somebody voted stands in notice_answers with an empty value.
notice_votes = Table(
    "notice_votes",
    metadata,
    Column("notice", ForeignKey(notices.c.id, ondelete="CASCADE"), primary_key=True),
    Column("unit", Integer, primary_key=True, autoincrement=False),
    Column("value", Written, primary_key=True),
    Column("count", Integer, nullable=False),
)

# A draft that waits for a second person, as it was when it was asked for.
approvals = Table(
    "approvals",
    metadata,
    Column("notice", ForeignKey(notices.c.id, ondelete="CASCADE"), primary_key=True),
    Column("revision", Integer, nullable=False),
    Column("readers", Integer, nullable=False),
    Column("person", ForeignKey(people.c.id, ondelete="CASCADE"), nullable=False, index=True),
    Column("at", Moment, nullable=False),
)

# What files hold, once for all that hold the same, by its SHA-256 in hexadecimal.
contents = Table(
    "contents",
    metadata,
    Column("digest", Written, primary_key=True),
    Column("size", Integer, nullable=False),
    Column("data", LargeBinary, nullable=False),
)

# Under which id a channel holds a content that was sent there before.
uploads = Table(
    "uploads",
    metadata,
    Column("channel", Written, primary_key=True),
    Column("digest", ForeignKey(contents.c.digest, ondelete="CASCADE"), primary_key=True, index=True),
    Column("remote", Written, nullable=False),
)

# What goes with a notice; the order of the ids is the order it is sent in.
attachments = Table(
    "attachments",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("notice", ForeignKey(notices.c.id, ondelete="CASCADE"), nullable=False, index=True),
    Column("name", Written, nullable=False),
    Column("mime", Written, nullable=False),
    Column("digest", ForeignKey(contents.c.digest), nullable=False, index=True),
    sqlite_autoincrement=True,
)

# What people handed in; a file of the same name takes the place of the one before.
handed_in = Table(
    "handed_in",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("notice", ForeignKey(notices.c.id, ondelete="CASCADE"), nullable=False, index=True),
    Column("person", ForeignKey(people.c.id, ondelete="CASCADE"), nullable=False, index=True),
    Column("name", Written, nullable=False),
    Column("mime", Written, nullable=False),
    Column("digest", ForeignKey(contents.c.digest), nullable=False, index=True),
    Column("at", Moment, nullable=False),
    UniqueConstraint("notice", "person", "name"),
    sqlite_autoincrement=True,
)

# How far a unit is with a measure; `occasion` is the turn of its rhythm (2026-10), empty where it has none.
standings = Table(
    "standings",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("plan", ForeignKey(plans.c.id, ondelete="CASCADE"), nullable=False, index=True),
    Column("version", Integer, nullable=False),
    Column("measure", Written, nullable=False),
    Column("unit", ForeignKey(units.c.id, ondelete="CASCADE"), nullable=False, index=True),
    Column("occasion", Written, nullable=False),
    Column("state", Written, nullable=False),
    Column("note", Written, nullable=False),
    Column("until", Date),
    Column("person", ForeignKey(people.c.id, ondelete="SET NULL"), index=True),
    Column("at", Moment, nullable=False),
    Column("revision", Integer, nullable=False),
    UniqueConstraint("measure", "unit", "occasion"),
    sqlite_autoincrement=True,
)

# Every state there was; rows are only added.
standing_changes = Table(
    "standing_changes",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("standing", ForeignKey(standings.c.id, ondelete="CASCADE"), nullable=False, index=True),
    Column("state", Written, nullable=False),
    Column("note", Written, nullable=False),
    Column("until", Date),
    Column("person", ForeignKey(people.c.id, ondelete="SET NULL"), index=True),
    Column("at", Moment, nullable=False),
    Column("how", Written, nullable=False),
    Column("former", Written, nullable=False),
    sqlite_autoincrement=True,
)

# What shows that something was done; the order of the ids is the order it came in.
evidence = Table(
    "evidence",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("standing", ForeignKey(standings.c.id, ondelete="CASCADE"), nullable=False, index=True),
    Column("name", Written, nullable=False),
    Column("mime", Written, nullable=False),
    Column("digest", ForeignKey(contents.c.digest), nullable=False, index=True),
    Column("person", ForeignKey(people.c.id, ondelete="SET NULL"), index=True),
    Column("at", Moment, nullable=False),
    UniqueConstraint("standing", "name"),
    sqlite_autoincrement=True,
)

# A unit asks for a later day, and how that was decided.
extensions = Table(
    "extensions",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("standing", ForeignKey(standings.c.id, ondelete="CASCADE"), nullable=False, index=True),
    Column("until", Date, nullable=False),
    Column("reason", Written, nullable=False),
    Column("state", Written, nullable=False, index=True),
    Column("person", ForeignKey(people.c.id, ondelete="SET NULL"), index=True),
    Column("at", Moment, nullable=False),
    Column("judge", ForeignKey(people.c.id, ondelete="SET NULL"), index=True),
    Column("judged_at", Moment),
    Column("answer", Written, nullable=False),
    sqlite_autoincrement=True,
)

# Something to be put right by a day of its own (限期整改); `seen_at` is when somebody of the unit acknowledged it.
rectifications = Table(
    "rectifications",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("standing", ForeignKey(standings.c.id, ondelete="CASCADE"), nullable=False, index=True),
    Column("text", Written, nullable=False),
    Column("until", Date, nullable=False),
    Column("state", Written, nullable=False, index=True),
    Column("person", ForeignKey(people.c.id, ondelete="SET NULL"), index=True),
    Column("at", Moment, nullable=False),
    Column("seen_by", ForeignKey(people.c.id, ondelete="SET NULL"), index=True),
    Column("seen_at", Moment),
    Column("changed_at", Moment, nullable=False),
    Column("revision", Integer, nullable=False),
    sqlite_autoincrement=True,
)

# Who answers for a unit where its head does not.
deputies = Table(
    "deputies",
    metadata,
    Column("unit", ForeignKey(units.c.id, ondelete="CASCADE"), primary_key=True),
    Column("person", ForeignKey(people.c.id, ondelete="CASCADE"), nullable=False, index=True),
)

# A calendar that programs subscribe to: by whom, of which list, under the hash of its key.
feeds = Table(
    "feeds",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("person", ForeignKey(people.c.id, ondelete="CASCADE"), nullable=False),
    Column("kind", Written, nullable=False),
    Column("key_hash", Written, nullable=False, unique=True),
    Column("made_at", Moment, nullable=False),
    UniqueConstraint("person", "kind"),
    sqlite_autoincrement=True,
)

# What a feed said of each entry last.
feed_entries = Table(
    "feed_entries",
    metadata,
    Column("feed", ForeignKey(feeds.c.id, ondelete="CASCADE"), primary_key=True),
    Column("uid", Written, primary_key=True),
    Column("digest", Written, nullable=False),
    Column("sequence", Integer, nullable=False),
    Column("changed", Moment, nullable=False),
    Column("summary", Written, nullable=False),
    Column("first", Date, nullable=False),
    Column("last", Date, nullable=False),
    Column("gone", Moment),
)

# Who wants one message a day or a week instead of single reminders.
digests = Table(
    "digests",
    metadata,
    Column("person", ForeignKey(people.c.id, ondelete="CASCADE"), primary_key=True),
    Column("every", Written, nullable=False),
    Column("since", Moment, nullable=False),
)

# Which reminders a digest contains, noted before it leaves; they are not sent once it is.
digest_items = Table(
    "digest_items",
    metadata,
    Column("digest", Written, primary_key=True),
    Column("row", ForeignKey(outbox.c.id, ondelete="CASCADE"), primary_key=True, index=True),
)

questions = Table(
    "questions",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("person", ForeignKey(people.c.id, ondelete="SET NULL"), index=True),
    Column("channel", Written, nullable=False),
    Column("question", Written, nullable=False),
    Column("kind", Written, nullable=False),
    Column("status", Written, nullable=False),
    Column("measures", JSON, nullable=False),
    Column("plans", JSON, nullable=False),
    Column("asked_at", Moment, nullable=False, index=True),
    Column("chat", Written),
    Column("curated", ForeignKey("curated.id", ondelete="SET NULL"), index=True),
    Column("settled_at", Moment),
    sqlite_autoincrement=True,
)

# One opinion a person on one answer: who changes their mind changes the row.
feedback = Table(
    "feedback",
    metadata,
    Column("question", ForeignKey(questions.c.id, ondelete="CASCADE"), primary_key=True),
    Column("person", ForeignKey(people.c.id, ondelete="CASCADE"), primary_key=True, index=True),
    Column("good", Boolean, nullable=False),
    Column("reason", Written, nullable=False),
    Column("note", Written, nullable=False),
    Column("at", Moment, nullable=False),
)

synonyms = Table(
    "synonyms",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("key", Written, nullable=False, unique=True),
    Column("word", Written, nullable=False),
    Column("other", Written, nullable=False),
    Column("person", ForeignKey(people.c.id, ondelete="SET NULL"), index=True),
    Column("at", Moment, nullable=False),
    sqlite_autoincrement=True,
)

curated = Table(
    "curated",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("key", Written, nullable=False, unique=True),
    Column("question", Written, nullable=False),
    Column("measure", Written, nullable=False),
    Column("text", Written, nullable=False),
    Column("hits", Integer, nullable=False),
    Column("person", ForeignKey(people.c.id, ondelete="SET NULL"), index=True),
    Column("at", Moment, nullable=False),
    sqlite_autoincrement=True,
)

# A link that logs a person in on the page, by its hash; used once, and each person has one at most.
logins = Table(
    "logins",
    metadata,
    Column("person", ForeignKey(people.c.id, ondelete="CASCADE"), primary_key=True),
    Column("token_hash", Written, nullable=False, unique=True),
    Column("expires_at", Moment, nullable=False),
)

# Browsers that are logged in; `chat` is what the cookie hashes to. `expires_at` moves on with use, but never past `ends_at`.
web_sessions = Table(
    "web_sessions",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("person", ForeignKey(people.c.id, ondelete="CASCADE"), nullable=False, index=True),
    Column("chat", Written, nullable=False, unique=True),
    Column("agent", Written, nullable=False),
    Column("begun_at", Moment, nullable=False),
    Column("seen_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False, index=True),
    Column("ends_at", Moment, nullable=False),
    sqlite_autoincrement=True,
)

# `who` is no foreign key: the record outlives the person. Triggers refuse updates and deletions; `chain` is the row's hash, over that
# of the row before too.
audit = Table(
    "audit",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("who", Integer),
    Column("action", Written, nullable=False),
    Column("subject", Written, nullable=False),
    Column("at", Moment, nullable=False),
    Column("chain", Written, nullable=False),
    sqlite_autoincrement=True,
)

conversations = Table(
    "conversations",
    metadata,
    Column("channel", Written, primary_key=True),
    Column("chat", Written, primary_key=True),
    Column("sender", Written, primary_key=True),
    Column("question", Written, nullable=False),
    Column("measures", JSON, nullable=False),
    Column("at", Moment, nullable=False),
    Column("asked", Integer),
    Column("choices", JSON, nullable=False),
)

# What somebody's next text is taken for, such as the reason of a dislike; kept here so that it outlives a restart.
expectations = Table(
    "expectations",
    metadata,
    Column("channel", Written, primary_key=True),
    Column("chat", Written, primary_key=True),
    Column("sender", Written, primary_key=True),
    Column("verb", Written, nullable=False),
    Column("reference", Written, nullable=False),
    Column("text", Written, nullable=False),
    Column("at", Moment, nullable=False),
)

marks = Table(
    "marks",
    metadata,
    Column("name", Written, primary_key=True),
    Column("value", Written, nullable=False),
)

seen_updates = Table(
    "seen_updates",
    metadata,
    Column("channel", Written, primary_key=True),
    Column("delivery", Written, primary_key=True),
    Column("at", Moment, nullable=False, index=True),
)

vectors = Table(
    "vectors",
    metadata,
    Column("digest", Written, primary_key=True),
    Column("value", LargeBinary, nullable=False),
)
