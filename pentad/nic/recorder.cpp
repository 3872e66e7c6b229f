#include "pentad/nic/recorder.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>

#include "pentad/nic/segmentation.hpp"
#include "pentad/runtime/descriptor_handle.hpp"

namespace pentad {
namespace {

constexpr std::size_t buffer_size = std::size_t{256} << 10;

// The frame with its checksum complete, for as long as this lives.
class completed {
 public:
  explicit completed(packet& frame) noexcept : frame_(frame), offload_(frame.offload()) {
    if (offload_.checksum != checksum_state::partial) return;
    const std::size_t field = std::size_t{offload_.checksum_start} + offload_.checksum_offset;
    if (field + 2 > frame.size()) return;
    field_ = frame.bytes().subspan(field, 2);
    std::ranges::copy(field_, before_.begin());
    complete_checksum(frame);
  }
  ~completed() {
    std::ranges::copy(std::span(before_).first(field_.size()), field_.begin());
    frame_.set_offload(offload_);
  }
  completed(const completed&) = delete;
  completed& operator=(const completed&) = delete;

 private:
  packet& frame_;
  packet_offload offload_;
  std::span<std::byte> field_;
  std::array<std::byte, 2> before_{};
};

}  // namespace

result<std::unique_ptr<recorder>> recorder::open(nic& inner, const std::string& path, clock now) {
  descriptor_handle file(::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600));
  if (!file) return failure_from_errno(errno);
  std::unique_ptr<recorder> made(new recorder(inner, file.release(), std::move(now)));
  made->recorded_.add_interface("nic");
  if (const result<void> written = made->flush(); !written) return failure(written.error());
  return made;
}

recorder::~recorder() {
  write_out();
  ::close(file_);
}

// One at a time, so that the record of a frame that is not taken can be taken back.
std::size_t recorder::transmit(std::span<packet> batch) {
  std::size_t taken = 0;
  for (; taken < batch.size(); ++taken) {
    const std::size_t before = record(batch[taken], wire::pcapng_direction::outbound);
    if (inner_.transmit(batch.subspan(taken, 1)) == 0) {
      recorded_.cut(before);
      break;
    }
    if (has_ended_) ++missed_;
  }
  return taken;
}

std::size_t recorder::receive(std::span<packet> batch) {
  const std::size_t given = inner_.receive(batch);
  for (packet& frame : batch.first(given)) {
    record(frame, wire::pcapng_direction::inbound);
    if (has_ended_) ++missed_;
  }
  return given;
}

result<void> recorder::flush() {
  write_out();
  if (error_) return failure(std::exchange(error_, {}));
  return {};
}

// Returns the size of what is recorded without the new record.
std::size_t recorder::record(packet& frame, wire::pcapng_direction direction) {
  const completed whole(frame);
  const wire::pcapng_packet made{.timestamp = static_cast<std::uint64_t>(now_().count()),
                                 .bytes = frame.bytes(),
                                 .original_length = static_cast<std::uint32_t>(frame.size()),
                                 .direction = direction};
  if (recorded_.bytes().size() + made.size() > buffer_size) write_out();
  const std::size_t before = recorded_.bytes().size();
  if (!has_ended_) recorded_.add(made);
  return before;
}

void recorder::write_out() noexcept {
  std::span<const std::byte> rest = recorded_.bytes();
  while (!rest.empty() && !has_ended_) {
    const ssize_t written = ::write(file_, rest.data(), rest.size());
    if (written >= 0) {
      rest = rest.subspan(static_cast<std::size_t>(written));
    } else if (errno != EINTR) {
      error_ = std::error_code(errno, std::generic_category());
      has_ended_ = true;
    }
  }
  recorded_.clear();
}

}  // namespace pentad
