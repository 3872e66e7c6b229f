// Ctrl-Z, for a program that takes its keys itself.
#pragma once

namespace pentad::terminal {

/// Stops the process as the key usually does; returns when it is continued. SIGTSTP may be blocked.
void stop_process() noexcept;

}  // namespace pentad::terminal
