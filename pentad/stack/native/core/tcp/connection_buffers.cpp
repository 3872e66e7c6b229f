// How large the buffers of a connection are, unless its program has said so.
#include <algorithm>

#include "pentad/stack/native/core/tcp/connection.hpp"
#include "pentad/stack/native/core/tcp/tcp.hpp"

namespace pentad::native {
namespace {

constexpr std::uint32_t enough_nearby = 64 << 10;

}  // namespace

// As long as all connections together hold no more than half of what they may.
void connection::tune_receive_buffer(std::size_t read) {
  const tcp_settings& settings = owner_.settings_;
  if (!tunes_receive_ || receive_limit_ >= settings.most_receive_buffer) return;
  if (receive_tuning_ == nullptr) {
    // For so much in a round trip the first buffer is large enough.
    const std::size_t enough = settings.receive_buffer / 4;
    if (bytes_received_ < enough) return;
    receive_tuning_ = std::make_unique<receive_tuning>();
    receive_tuning_->read(enough, now(), duration::zero(), 0);
  }
  const std::uint64_t wanted =
      receive_tuning_->read(read, now(), rto_.smoothed(), largest_received_);
  if (wanted <= receive_limit_ || owner_.receive_memory_ > settings.receive_memory / 2) return;
  receive_limit_ =
      static_cast<std::size_t>(std::min<std::uint64_t>(wanted, settings.most_receive_buffer));
}

// Twice what was in flight, to have as much to go on with. Not twice the window, as on Linux: one
// that the NIC never lets be used would have bytes wait in memory that is in no cache. Nor as much
// where acknowledgements come at once, and a program with them: a little is enough there.
void connection::tune_send_buffer(std::uint32_t flown) noexcept {
  const tcp_settings& settings = owner_.settings_;
  const bool is_near = rto_.smoothed() < std::chrono::milliseconds(1);
  const std::size_t to_go_on_with = is_near ? std::min(flown, enough_nearby) : flown;
  const std::size_t wanted = flown + to_go_on_with;
  if (!tunes_send_ || wanted <= send_limit_) return;
  if (owner_.send_memory() > settings.send_memory / 2) return;
  send_limit_ = std::max(send_limit_, std::min(wanted, settings.most_send_buffer));
}

}  // namespace pentad::native
