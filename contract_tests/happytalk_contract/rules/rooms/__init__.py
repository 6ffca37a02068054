"""Rules of POST chat_room_lists."""
