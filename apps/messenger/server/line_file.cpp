#include "apps/messenger/server/line_file.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>

namespace pentad::messenger {
namespace {

std::error_code last_error() { return {errno, std::generic_category()}; }

}  // namespace

line_file::~line_file() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

std::error_code line_file::open(const std::string& path) {
  int opened = -1;
  if (!path.empty()) {
    opened = ::open(path.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0640);
    if (opened < 0) return last_error();
  }
  if (descriptor_ >= 0) ::close(descriptor_);
  descriptor_ = opened;
  return {};
}

line_file::outcome line_file::write(std::string_view lines) {
  if (descriptor_ < 0) return {lines.size(), {}};
  const ssize_t count = ::write(descriptor_, lines.data(), lines.size());
  if (count < 0) return {0, last_error()};
  const auto taken = static_cast<std::size_t>(count);
  if (taken == lines.size()) return {taken, {}};
  // Half a line would spoil the next one.
  const std::size_t whole = lines.substr(0, taken).rfind('\n') + 1;  // 0 where there is none
  const off_t end = ::lseek(descriptor_, 0, SEEK_CUR);
  const auto half = static_cast<off_t>(taken - whole);
  if (half > 0 && end >= half && ::ftruncate(descriptor_, end - half) != 0) {
    return {whole, last_error()};
  }
  return {whole, make_error_code(std::errc::no_space_on_device)};
}

}  // namespace pentad::messenger
