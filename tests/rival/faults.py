"""The list of all single faults, by name."""

from .fault import Fault
from .faults_chat import CHAT_FAULTS
from .faults_dates import DATE_FAULTS
from .faults_fields import FIELD_FAULTS
from .faults_lists import LIST_FAULTS
from .faults_messages import MESSAGE_FAULTS
from .faults_wire import WIRE_FAULTS

__all__ = ["FAULTS", "Fault"]

_ALL = (*FIELD_FAULTS, *CHAT_FAULTS, *LIST_FAULTS, *DATE_FAULTS, *WIRE_FAULTS, *MESSAGE_FAULTS)
FAULTS: dict[str, Fault] = {fault.name: fault for fault in _ALL}
if len(FAULTS) != len(_ALL):
    raise ValueError("two faults have the same name")
