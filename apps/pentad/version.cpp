#include "apps/pentad/version.hpp"

#include <sys/utsname.h>

#include "pentad/hosts/make_host.hpp"

namespace pentad::command {
namespace {

std::string compiler() {
#if defined(__clang__)
  return "Clang " __clang_version__;
#else
  return "GCC " __VERSION__;
#endif
}

std::string system() {
  utsname name{};
  if (::uname(&name) != 0) return "unknown";
  return std::string(name.sysname) + " " + name.release + " " + name.machine;
}

std::string choice() {
  const kernel_choice chosen = probe_kernel();
  if (chosen.uring) return "kernel:uring, because io_uring works here";
  const std::string message = chosen.uring_error.message();
  if (chosen.uring_error == std::errc::operation_not_permitted ||
      chosen.uring_error == std::errc::permission_denied) {
    return "kernel:epoll, because io_uring is forbidden here: " + message;
  }
  if (chosen.uring_error == std::errc::function_not_supported) {
    return "kernel:epoll, because this Linux lacks what Pentad needs of io_uring: " + message;
  }
  return "kernel:epoll, because io_uring cannot be set up: " + message;
}

}  // namespace

std::string version_text(bool verbose) {
  std::string text = "pentad " PENTAD_VERSION "\n";
  if (!verbose) return text;
  text += "compiler: " + compiler() + "\n";
  text += "system: " + system() + "\n";
  text += "stack kernel: " + choice() + "\n";
  return text;
}

}  // namespace pentad::command
