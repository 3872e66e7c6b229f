// Asks a DHCP server for an address of one interface and keeps it (RFC 2131, section 4.4).
#pragma once

#include <vector>

#include "pentad/stack/native/core/dhcp_lease.hpp"
#include "pentad/stack/native/core/ip_output.hpp"

namespace pentad::native {

class dhcp_client final : private address_watcher {
 public:
  dhcp_client(context& shared, ip_output& output, interface& link, const lease_settings& wanted);
  dhcp_client(const dhcp_client&) = delete;
  dhcp_client& operator=(const dhcp_client&) = delete;
  ~dhcp_client();

  /// Begins to ask. Unlike RFC 2131, section 4.4.1, at once: a program waits for it.
  void start();

  /// A datagram to the client's port that came in by its interface.
  void receive(std::span<const std::byte> message);

  /// Gives the address back (RFC 2131, section 4.4.6), unless it is to be kept, and asks no more.
  /// The address stays until the end of the host, so that the message can go. Returns whether one
  /// is to be sent.
  bool release();

  std::uint32_t interface_index() const noexcept { return link_.index(); }

  /// Nothing while there is no address that may be used.
  const dhcp_lease* lease() const noexcept { return is_bound() ? &lease_ : nullptr; }

 private:
  enum class state : std::uint8_t {
    waiting,     // before it begins again
    rebooting,   // servers are asked whether an address of an earlier time is still right
    selecting,   // all servers have been asked
    requesting,  // one server's offer was accepted
    checking,    // the link is asked whether somebody has the address
    over,        // the address was given back
    bound,
    renewing,   // the server is asked for more time
    rebinding,  // all servers are
  };

  bool is_bound() const noexcept { return state_ >= state::bound; }
  void settled(const ip_address& address, address_state how) override;

  void fire();
  void begin_after(duration pause);
  void begin(state with);
  void reboot();
  void discover();
  void retransmit();
  void extend();
  void accept(dhcp_lease&& offer);
  void acknowledged(dhcp_lease&& granted);
  void refused();
  void decline();
  void use_lease();
  void drop_lease();
  void arm_bound();
  duration back_off() noexcept;
  instant lease_time(duration after) const noexcept;

  wire::dhcpv4_request message(wire::dhcpv4_type type) const noexcept;
  void send_to_all(const wire::dhcpv4_request& sent);
  void send_to_server(const wire::dhcpv4_request& sent);
  packet datagram_of(const wire::dhcpv4_request& sent, const ip_address& source,
                     const ip_address& destination);

  context& context_;
  ip_output& output_;
  interface& link_;
  const lease_settings wanted_;
  struct timer : timer_node {
    dhcp_client* owner = nullptr;
  } timer_;
  state state_ = state::waiting;
  dhcp_lease lease_;
  std::vector<route> routes_;  // of the lease, as they were added
  std::uint32_t transaction_ = 0;
  instant began_{};
  instant sent_{};   // the last question
  instant asked_{};  // when what `lease_` says was asked for
  unsigned attempts_ = 0;
};

}  // namespace pentad::native
