#include "apps/pentad/flow_sockets.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>

#include "apps/pentad/advice.hpp"

namespace pentad::command {
namespace {

std::unexpected<std::string> refused(const std::string& folder, int error) {
  return std::unexpected(explain(folder, std::error_code(error, std::generic_category())));
}

}  // namespace

std::string flow_socket_folder() {
  const char* const runtime = std::getenv("XDG_RUNTIME_DIR");
  return runtime == nullptr || *runtime == '\0' ? std::string() : std::string(runtime) + "/pentad";
}

std::string flow_socket_path(std::string_view folder, int process) {
  return std::string(folder) + "/" + std::to_string(process) + ".sock";
}

std::expected<void, std::string> make_flow_socket_folder(const std::string& folder) {
  constexpr mode_t owner_alone = 0700;
  if (::mkdir(folder.c_str(), owner_alone) != 0 && errno != EEXIST) return refused(folder, errno);
  struct stat found;
  if (::lstat(folder.c_str(), &found) != 0) return refused(folder, errno);
  if (!S_ISDIR(found.st_mode)) return refused(folder, ENOTDIR);
  if (found.st_uid != ::geteuid()) return std::unexpected(folder + " belongs to another user");
  if ((found.st_mode & 0777) != owner_alone && ::chmod(folder.c_str(), owner_alone) != 0) {
    return refused(folder, errno);
  }
  return {};
}

}  // namespace pentad::command
