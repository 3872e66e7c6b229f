#include "apps/messenger/server/whole_file.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <filesystem>

namespace pentad::messenger {
namespace {

std::error_code last_error() { return {errno, std::generic_category()}; }

/// Writes all of it down to the disk, and closes the descriptor.
std::error_code finish(int file, std::string_view text) {
  std::error_code failed;
  while (!failed && !text.empty()) {
    const ssize_t written = ::write(file, text.data(), text.size());
    if (written >= 0) {
      text.remove_prefix(static_cast<std::size_t>(written));
    } else if (errno != EINTR) {
      failed = last_error();
    }
  }
  if (!failed && ::fsync(file) != 0) failed = last_error();
  if (::close(file) != 0 && !failed) failed = last_error();
  return failed;
}

/// The new name of a file is on the disk when its folder is (fsync(2)).
std::error_code sync_folder(const std::string& path) {
  std::filesystem::path folder = std::filesystem::path{path}.parent_path();
  if (folder.empty()) folder = ".";
  const int opened = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (opened < 0) return last_error();
  return finish(opened, {});
}

}  // namespace

std::expected<std::string, std::error_code> read_file(const std::string& path) {
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) return std::unexpected{last_error()};
  std::string text;
  std::array<char, 4096> part;
  std::error_code failed;
  for (;;) {
    const ssize_t count = ::read(file, part.data(), part.size());
    if (count > 0) {
      text.append(part.data(), static_cast<std::size_t>(count));
    } else if (count == 0 || errno != EINTR) {
      if (count < 0) failed = last_error();
      break;
    }
  }
  ::close(file);
  if (failed) return std::unexpected{failed};
  return text;
}

std::error_code replace_file(const std::string& path, std::string_view text) {
  const std::string beside = path + ".new";
  const int file = ::open(beside.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (file < 0) return last_error();
  std::error_code failed = finish(file, text);
  if (!failed && std::rename(beside.c_str(), path.c_str()) != 0) failed = last_error();
  if (failed) {
    ::unlink(beside.c_str());
    return failed;
  }
  return sync_folder(path);
}

}  // namespace pentad::messenger
