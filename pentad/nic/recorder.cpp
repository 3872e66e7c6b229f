#include "pentad/nic/recorder.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "pentad/nic/segmentation.hpp"

namespace pentad {
namespace {

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

recorder::recorder(nic& inner, std::shared_ptr<recording_file> file, std::string_view name,
                   clock now)
    : inner_(inner),
      file_(std::move(file)),
      number_(file_->add_interface(name)),
      now_(std::move(now)) {}

result<std::unique_ptr<recorder>> recorder::open(nic& inner, const std::string& path, clock now) {
  result<std::unique_ptr<recording_file>> file = recording_file::create(path);
  if (!file) return failure(file.error());
  auto made = std::make_unique<recorder>(inner, std::move(*file), "nic", std::move(now));
  if (const result<void> written = made->flush(); !written) return failure(written.error());
  return made;
}

// One at a time, so that the record of a frame that is not taken can be taken back.
std::size_t recorder::transmit(std::span<packet> batch) {
  std::size_t taken = 0;
  for (; taken < batch.size(); ++taken) {
    const std::size_t before = record(batch[taken], wire::pcapng_direction::outbound);
    if (inner_.transmit(batch.subspan(taken, 1)) == 0) {
      file_->go_back(before);
      break;
    }
    if (file_->has_ended()) ++missed_;
  }
  return taken;
}

std::size_t recorder::receive(std::span<packet> batch) {
  const std::size_t given = inner_.receive(batch);
  for (packet& frame : batch.first(given)) {
    record(frame, wire::pcapng_direction::inbound);
    if (file_->has_ended()) ++missed_;
  }
  return given;
}

// Returns the place before it in the recording.
std::size_t recorder::record(packet& frame, wire::pcapng_direction direction) {
  const completed whole(frame);
  return file_->add({.interface_index = number_,
                     .timestamp = static_cast<std::uint64_t>(now_().count()),
                     .bytes = frame.bytes(),
                     .original_length = static_cast<std::uint32_t>(frame.size()),
                     .direction = direction});
}

}  // namespace pentad
