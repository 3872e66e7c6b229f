// Writing, and the ways to an end (RFC 9293, section 3.6).
#include <algorithm>
#include <cerrno>

#include "pentad/stack/native/core/tcp/connection.hpp"
#include "pentad/stack/native/core/tcp/tcp.hpp"
#include "pentad/stack/native/core/tcp/time_wait.hpp"

namespace pentad::native {

std::size_t connection::writable() const noexcept {
  if (send_shut_ || state_ == tcp_state::closed || !is_connected()) return 0;
  return sent_.size() < send_limit_ ? send_limit_ - sent_.size() : 0;
}

std::size_t connection::write(std::span<const std::byte> bytes) {
  if (writable() == 0) return 0;
  const std::size_t taken = sent_.append(bytes, send_limit_);
  // Its own acknowledgements make room in its own buffer only.
  if (taken != bytes.size() && sent_.size() < send_limit_) owner_.await_send_memory(*this);
  if (taken != 0) {
    begin_early();
    want_output();
  }
  return taken;
}

void connection::shutdown_send() {
  if (send_shut_ || state_ == tcp_state::closed) return;
  send_shut_ = true;
  if (state_ == tcp_state::established) state_ = tcp_state::fin_wait_1;
  if (state_ == tcp_state::close_wait) state_ = tcp_state::last_ack;
  begin_early();
  want_output();
}

void connection::shutdown_receive() {
  receive_shut_ = true;
  received_.clear();
  notify();
}

void connection::release(bool reset) {
  released_ = true;
  user = nullptr;
  if (state_ == tcp_state::closed) return owner_.forget(*this);
  const bool has_early_bytes = early_ && sent_.size() != 0;
  if (is_opening() && !has_early_bytes) {
    if (state_ == tcp_state::syn_received && !(early_ && !reset && received_.empty())) {
      send_reset();
      return finish();
    }
    if (state_ == tcp_state::syn_sent) return finish();
  }
  // RFC 9293, section 3.6.1, and RFC 2525, section 2.17: bytes that nobody will read are lost, and
  // the peer must know.
  if (reset || !received_.empty() || (disorder_ != nullptr && !disorder_->segments.empty())) {
    if (state_ != tcp_state::syn_sent) send_reset();
    finish();
    return;
  }
  shutdown_send();
  if (state_ == tcp_state::fin_wait_2) {
    end_at_ = now() + owner_.settings_.fin_wait_2;
    schedule(end_at_);
  }
}

void connection::fail(int error) {
  error_ = error;
  finish();
}

// The connection is over. It stays for its program to look at, if there is one.
void connection::finish() {
  end_early(false);
  if (state_ != tcp_state::closed) owner_.table_.erase(*this);
  state_ = tcp_state::closed;
  retransmit_at_ = probe_at_ = acknowledge_at_ = end_at_ = try_again_at_ = never;
  keep_alive_.reset();
  sent_.clear();
  end_flight();
  disorder_.reset();
  owner_.offer_send_memory();
  owner_.timers_.erase(*this);
  if (released_) {
    received_.clear();
    owner_.bury(*this);
  } else {
    notify();
  }
}

// What must be remembered lives on in a smaller thing.
void connection::enter_time_wait() {
  const time_wait::remains remains{.send_next = send_next_,
                                   .receive_next = receive_next_,
                                   .window = new_window() >> receive_scale_,
                                   .recent_timestamp = recent_timestamp_,
                                   .timestamp_offset = timestamp_offset_,
                                   .timestamps = timestamps_};
  if (acknowledge_wanted_) transmit(send_next_, 0, wire::tcp_ack);
  finish();
  new time_wait(owner_, tuple, remains);
}

}  // namespace pentad::native
