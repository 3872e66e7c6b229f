// Data in a SYN (RFC 7413), as its client and as its server. Until the handshake has ended `early_`
// tells that a program is at work already.
#include <algorithm>

#include "pentad/stack/native/core/tcp/connection.hpp"
#include "pentad/stack/native/core/tcp/tcp.hpp"

namespace pentad::native {

// Section 4.2.1. With a cookie the SYN waits for the first bytes, or for whoever wants to read;
// without one it goes at once and asks for one.
void connection::open_fast(wire::tcp_sequence initial) {
  fast_open_ = std::make_unique<fast_open_memory::ticket>();
  const auto known = owner_.servers_.find(tuple.remote.address, now());
  if (known) *fast_open_ = *known;
  early_ = known.has_value();
  open(initial);
  if (early_) syn_wanted_ = false;
}

void connection::begin_early() {
  if (!early_ || state_ != tcp_state::syn_sent || send_next_ != initial_send_) return;
  syn_wanted_ = true;
  want_output();
}

// What fits in our SYN beside its options, which leave it `room` bytes: once, for what is sent
// again goes without (section 4.2.1).
std::uint32_t connection::bytes_in_syn(std::uint32_t header_size) const noexcept {
  if (!early_ || state_ != tcp_state::syn_sent || send_next_ != initial_send_) return 0;
  const std::uint32_t ip_header = tuple.local.address.is_v4() ? 20 : 40;
  const std::uint32_t taken = header_size - 20;
  const std::uint32_t most = std::min(fast_open_->segment_size, path_mtu_ - ip_header - 20);
  return most <= taken
             ? 0
             : static_cast<std::uint32_t>(std::min<std::size_t>(sent_.size(), most - taken));
}

// Before the first try is over: what some network may drop is not sent again.
void connection::ask_for_cookie(wire::tcp_options& options) const {
  if (fast_open_ == nullptr || tries_ != 0) return;
  options.fast_open = fast_open_->cookie;
}

// The SYN of the server: how much of ours it has taken. The rest goes again, at once.
void connection::take_early_acknowledgment(const segment& incoming) {
  const wire::tcp_sequence to = incoming.acknowledgment;
  const auto taken = static_cast<std::uint32_t>(to - initial_send_) - 1;
  const bool had_data = static_cast<std::uint32_t>(send_next_ - initial_send_) > 1;
  if (fast_open_ != nullptr) {
    const ip_address& server = tuple.remote.address;
    if (incoming.options.fast_open && !incoming.options.fast_open->bytes().empty()) {
      owner_.servers_.learned(server,
                              {.cookie = *incoming.options.fast_open, .segment_size = peer_limit_});
    }
    if (had_data && taken == 0 && tries_ != 0) owner_.servers_.lost(server, now());
    if (taken != 0) owner_.servers_.worked(server);
  }
  if (taken != 0) ++owner_.counters_.fast_opened;
  if (had_data && taken == 0) ++owner_.counters_.fast_open_refused;
  sent_.drop(taken);
  bytes_acknowledged_ += taken;
  send_unacknowledged_ = send_next_ = small_end_ = to;  // the rest goes at once
  fast_open_.reset();
}

// Section 4.2.2: a SYN whose cookie is good makes a connection, and its bytes are for the program.
void connection::establish_early(const tcp_agreement& agreed, segment& syn) {
  state_ = tcp_state::syn_received;
  early_ = true;
  initial_send_ = send_unacknowledged_ = send_next_ = recover_ = agreed.initial_send;
  agree(agreed);
  send_window_ = largest_send_window_ = agreed.peer_window;
  window_update_sequence_ = agreed.initial_receive;
  window_update_acknowledgment_ = agreed.initial_send;
  const std::size_t room = syn_window();
  if (syn.payload.size() > room) syn.payload.truncate(room);
  if (syn.payload.size() != 0 && may_keep(syn.payload)) deliver(std::move(syn.payload));
  syn_wanted_ = true;
  want_output();
}

// The handshake has ended, or the connection.
void connection::end_early(bool by_reset) noexcept {
  if (!early_) return;
  early_ = false;
  fast_open_.reset();
  owner_.ended_early(*this, by_reset);
}

}  // namespace pentad::native
