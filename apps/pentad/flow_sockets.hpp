// Where programs on Pentad's own stack tell of their flows: a Unix socket for each process, in a
// folder of the user.
#pragma once

#include <expected>
#include <string>
#include <string_view>

namespace pentad::command {

/// `$XDG_RUNTIME_DIR/pentad`; empty if the variable is. See the XDG Base Directory Specification.
std::string flow_socket_folder();

/// The socket of a process in it.
std::string flow_socket_path(std::string_view folder, int process);

/// Makes the folder, for its owner alone. The error is a sentence.
std::expected<void, std::string> make_flow_socket_folder(const std::string& folder);

}  // namespace pentad::command
