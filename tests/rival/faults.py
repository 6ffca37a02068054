"""The list of all single faults, by name."""

from .fault import Fault
from .faults_answers import ANSWER_FAULTS
from .faults_days import DAY_FAULTS
from .faults_envelope import ENVELOPE_FAULTS
from .faults_fields import FIELD_FAULTS
from .faults_message_fields import MESSAGE_FIELD_FAULTS
from .faults_messages import MESSAGE_FAULTS
from .faults_order import ORDER_FAULTS
from .faults_pages import PAGES_FAULTS
from .faults_priority import PRIORITY_FAULTS
from .faults_status import STATUS_FAULTS
from .faults_wire import WIRE_FAULTS

__all__ = ["FAULTS", "Fault"]

_ROOMS = (*FIELD_FAULTS, *ENVELOPE_FAULTS, *ANSWER_FAULTS, *ORDER_FAULTS, *PAGES_FAULTS, *STATUS_FAULTS)
_DATES = (*DAY_FAULTS, *PRIORITY_FAULTS)
_ALL = (*_ROOMS, *_DATES, *WIRE_FAULTS, *MESSAGE_FAULTS, *MESSAGE_FIELD_FAULTS)
FAULTS: dict[str, Fault] = {fault.name: fault for fault in _ALL}
if len(FAULTS) != len(_ALL):
    raise ValueError("two faults have the same name")
