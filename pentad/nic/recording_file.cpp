#include "pentad/nic/recording_file.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "pentad/runtime/descriptor_handle.hpp"

namespace pentad {
namespace {

constexpr std::size_t most_held = std::size_t{256} << 10;

}  // namespace

result<std::unique_ptr<recording_file>> recording_file::create(const std::string& path) {
  descriptor_handle file(::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600));
  if (!file) return failure_from_errno(errno);
  std::unique_ptr<recording_file> made(new recording_file(file.release()));
  if (const result<void> written = made->flush(); !written) return failure(written.error());
  return made;
}

recording_file::~recording_file() {
  write_out();
  ::close(file_);
}

std::size_t recording_file::add(const wire::pcapng_packet& passed) {
  if (held_.bytes().size() + passed.size() > most_held) write_out();
  const std::size_t before = held_.bytes().size();
  if (!has_ended_) held_.add(passed);
  return before;
}

result<void> recording_file::flush() {
  write_out();
  if (error_) return failure(std::exchange(error_, {}));
  return {};
}

void recording_file::write_out() noexcept {
  std::span<const std::byte> rest = held_.bytes();
  while (!rest.empty() && !has_ended_) {
    const ssize_t written = ::write(file_, rest.data(), rest.size());
    if (written >= 0) {
      rest = rest.subspan(static_cast<std::size_t>(written));
    } else if (errno != EINTR) {
      error_ = std::error_code(errno, std::generic_category());
      has_ended_ = true;
    }
  }
  held_.clear();
}

}  // namespace pentad
