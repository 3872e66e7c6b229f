#include "apps/pentad/capture_session.hpp"

#include "apps/pentad/capture_line.hpp"
#include "pentad/runtime/shielded.hpp"

namespace pentad::command {
namespace {

// What is held back while more frames are there.
constexpr std::size_t most_held_back = 256 << 10;

constexpr duration patience_at_last = std::chrono::seconds(1);

}  // namespace

capture_session::capture_session(host& here, packet_socket& frames,
                                 const capture_settings& settings, output_stream* lines,
                                 output_stream* file)
    : here_(here), frames_(frames), settings_(settings), lines_(lines), file_(file) {}

task<result<void>> capture_session::run() {
  // A file without packets is a recording, too.
  result<void> written = co_await write();
  while (written && (settings_.count == 0 || captured_ < settings_.count)) {
    result<received_frame> frame = co_await frames_.receive(within(duration::zero()));
    if (!frame && frame.error() == std::errc::timed_out) {
      written = co_await write();
      if (!written) break;
      frame = co_await frames_.receive();
    }
    if (!frame) {
      const result<void> kept = co_await shielded(write_at_last());
      co_return failure(kept ? frame.error() : kept.error());
    }
    take(*frame);
    if (is_full()) written = co_await write();
  }
  if (written) written = co_await write();
  co_return written;
}

// Also when it was cancelled: what was captured is not lost, unless nobody takes it.
task<result<void>> capture_session::write_at_last() {
  const result<void> written = co_await write().timeout(patience_at_last);
  co_return written;
}

capture_session::known_interface& capture_session::interface_of(const received_frame& frame) {
  const auto [found, is_new] = interfaces_.try_emplace(frame.interface);
  if (!is_new) return found->second;
  known_interface& made = found->second;
  made.name = "interface " + std::to_string(frame.interface);
  if (const auto listed = here_.interfaces()) {
    for (const network_interface& each : *listed) {
      if (each.index != frame.interface) continue;
      made.name = each.name;
      made.is_loopback = each.is_loopback;
    }
  }
  return made;
}

void capture_session::take(const received_frame& frame) {
  known_interface& interface = interface_of(frame);
  // What goes out there comes in again.
  if (interface.is_loopback && frame.way == frame_way::outgoing) return;
  if (!settings_.filter.passes(frame)) return;
  ++captured_;
  if (lines_ != nullptr) text_ += capture_line(frame, interface.name);
  if (file_ == nullptr) return;
  if (!interface.recorded_as) {
    interface.recorded_as =
        recorded_.add_interface(interface.name, static_cast<wire::pcapng_link>(frame.link));
  }
  recorded_.add({.interface_index = *interface.recorded_as,
                 .timestamp = static_cast<std::uint64_t>(frame.time.time_since_epoch().count()),
                 .bytes = frame.bytes,
                 .original_length = static_cast<std::uint32_t>(frame.size),
                 .direction = frame.way == frame_way::incoming ? wire::pcapng_direction::inbound
                                                               : wire::pcapng_direction::outbound});
}

bool capture_session::is_full() const noexcept {
  return text_.size() >= most_held_back || recorded_.bytes().size() >= most_held_back;
}

task<result<void>> capture_session::write() {
  result<void> written;
  if (lines_ != nullptr && !text_.empty()) {
    written = co_await lines_->write(std::as_bytes(std::span(text_)));
    text_.clear();
  }
  if (written && file_ != nullptr && !recorded_.bytes().empty()) {
    written = co_await file_->write(recorded_.bytes());
    recorded_.clear();
  }
  co_return written;
}

}  // namespace pentad::command
