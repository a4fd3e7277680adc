"""The tables of the configuration as frozen values, each key with its default."""

from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from bot.calendar import SchoolCalendar, month_day, term_days, whole_days


@dataclass(frozen=True, slots=True)
class Database:
    """Where everything is kept."""

    url: str = "sqlite+aiosqlite:///planbot.db"


@dataclass(frozen=True, slots=True)
class Bot:
    """What the bot is and speaks."""

    zone: str = "Asia/Shanghai"
    language: str = "zh-Hant"
    issuer: str = ""
    """Name of the body the plans speak for, where the documents do not name it."""


@dataclass(frozen=True, slots=True)
class Calendar:
    """Terms as month-day, and what differs from year to year."""

    autumn: str = "9-1"
    autumn_end: str = "1-31"
    spring: str = "2-15"
    spring_end: str = "7-15"
    terms: tuple[str, ...] = ()
    """Terms of a year whose days are others, as `2026-09-01/2027-01-22`."""
    region: str = "mainland"
    """Whose holidays, make-up workdays and national days count: `mainland` or `none`."""
    days_off: tuple[str, ...] = ()
    workdays: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reminders:
    """When what is followed is announced; each person may choose otherwise."""

    at: str = "08:00"
    """Local time of day."""
    days_before: tuple[int, ...] = (7, 1, 0)
    days_after: tuple[int, ...] = (1,)
    """Days after something was due at which it is said to be overdue."""
    working_days: bool = False
    """Count workdays, make-up workdays included, instead of days of the calendar."""
    quiet: tuple[str, ...] = ("22:00", "07:00")
    """From when until when nothing is sent late; empty for no quiet hours."""
    horizon_days: int = 45
    """How far ahead reminders are written down."""
    gathered_above: int = 3
    """More reminders than this that come late to one person come as one message."""


@dataclass(frozen=True, slots=True)
class Board:
    """When a duty that is not done is near and overdue."""

    near_days: int = 7
    """So many days ahead it is near (blue)."""
    overdue_days: int = 7
    """Past its day it is behind (yellow), and after so many days more overdue (red)."""


@dataclass(frozen=True, slots=True)
class Escalation:
    """To whom a word goes that nobody of a unit takes note of."""

    deputy_hours: int = 24
    """After so many hours to the unit's deputy; 0 for never."""
    district_hours: int = 48
    """After so many hours to the district; 0 for never."""


@dataclass(frozen=True, slots=True)
class Intake:
    """What reading one document may cost."""

    largest_mb: int = 20
    memory_mb: int = 150
    """Memory beyond what the reading process has before it sees the document."""
    seconds: int = 60
    at_once: int = 2
    """Documents that are read at the same time; more wait their turn."""


@dataclass(frozen=True, slots=True)
class Ask:
    """How questions are compared with the plans."""

    embedding: bool = True
    """By meaning too, where the package for it is installed (the extra `semantic`)."""


@dataclass(frozen=True, slots=True)
class Sender:
    """The ledger's loop."""

    in_flight: int = 32
    lease_seconds: int = 8
    """A living process renews its claim long before; a dead one's rows are taken up after so long."""


@dataclass(frozen=True, slots=True)
class Privacy:
    """How long what people wrote and got is kept, in days; 0 keeps it for ever."""

    question_days: int = 180
    """After so long a question is a count: its words and its asker are gone."""
    message_days: int = 400
    """After so long it is forgotten which reminder went to whom; notices keep their proof of delivery."""


@dataclass(frozen=True, slots=True)
class Notices:
    """Notices to many."""

    typed_above: int = 100
    """With more people than this the number has to be typed to confirm."""
    undo_seconds: int = 30
    """A confirmed notice leaves this much later, and can be taken back until then."""
    again_minutes: int = 5
    """Nobody is asked again before so much time has passed since the last time."""
    approval: bool = False
    """A second administrator has to approve a notice before it leaves."""
    expire_hours: int = 48
    """What could not leave so long after its time is not sent any more, and counts as missed."""


@dataclass(frozen=True, slots=True)
class Incoming:
    """How much may come in; 0 lifts a limit. Who sends more is told once and then not answered."""

    messages_minute: int = 30
    """Messages and files of one person."""
    presses_minute: int = 120
    """Presses and pages of one person; those of administrators always count as allowed."""
    group_minute: int = 60
    """Messages to the bot in one group, of all its members."""
    strangers_minute: int = 60
    """People of one channel whom the bot has not met before."""


@dataclass(frozen=True, slots=True)
class TelegramLimits:
    """Requests a second, messages a second to a chat, messages a minute to a group; 0 lifts a limit."""

    per_second: int = 28
    per_chat_second: int = 1
    per_group_minute: int = 18
    reserve: int = 1
    """Requests a second that reminders and notices leave free for answers."""


@dataclass(frozen=True, slots=True)
class Telegram:
    """The Telegram channel; switched on by a token."""

    token: str = ""
    base_url: str = "https://api.telegram.org"
    proxy: str = ""
    webhook_url: str = ""
    """Public address of this server; empty means polling."""
    webhook_host: str = "127.0.0.1"
    webhook_port: int = 8443
    webhook_secret: str = ""
    """Empty: one is made at every start."""
    limits: TelegramLimits = field(default_factory=TelegramLimits)


@dataclass(frozen=True, slots=True)
class Web:
    """The web page."""

    enabled: bool = True
    host: str = "127.0.0.1"
    port: int = 8080
    public_url: str = ""
    idle_hours: int = 168
    """A login that is not used for so long ends."""
    session_days: int = 30
    """A login ends so long after it began, however much it is used."""


@dataclass(frozen=True, slots=True)
class Channels:
    """One table a channel."""

    web: Web = field(default_factory=Web)
    telegram: Telegram = field(default_factory=Telegram)


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that can be set."""

    database: Database = field(default_factory=Database)
    bot: Bot = field(default_factory=Bot)
    calendar: Calendar = field(default_factory=Calendar)
    reminders: Reminders = field(default_factory=Reminders)
    board: Board = field(default_factory=Board)
    escalation: Escalation = field(default_factory=Escalation)
    intake: Intake = field(default_factory=Intake)
    ask: Ask = field(default_factory=Ask)
    sender: Sender = field(default_factory=Sender)
    notices: Notices = field(default_factory=Notices)
    privacy: Privacy = field(default_factory=Privacy)
    limits: Incoming = field(default_factory=Incoming)
    channels: Channels = field(default_factory=Channels)

    @property
    def zone(self) -> ZoneInfo:
        """The time zone of the district."""
        return ZoneInfo(self.bot.zone)

    @property
    def school_calendar(self) -> SchoolCalendar:
        """The calendar table as a value."""
        table = self.calendar
        return SchoolCalendar(
            autumn=month_day(table.autumn, "calendar.autumn"),
            autumn_end=month_day(table.autumn_end, "calendar.autumn_end"),
            spring=month_day(table.spring, "calendar.spring"),
            spring_end=month_day(table.spring_end, "calendar.spring_end"),
            zone=self.bot.zone,
            region=table.region,
            terms=term_days(table.terms, "calendar.terms"),
            days_off=whole_days(table.days_off, "calendar.days_off"),
            workdays=whole_days(table.workdays, "calendar.workdays"),
        )
