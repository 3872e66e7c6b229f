// UDP of one host: its ports, which datagrams are whose, and the way out (RFC 768, RFC 1122 section
// 4.1, RFC 8200 section 8.1).
#pragma once

#include <memory>
#include <unordered_map>
#include <vector>

#include "pentad/stack/native/core/ip_output.hpp"
#include "pentad/stack/native/core/udp_port.hpp"
#include "pentad/wire/udp.hpp"

namespace pentad::native {

class udp_ports final : public transport {
 public:
  udp_ports(context& shared, ip_output& output) : context_(shared), output_(output) {}
  udp_ports(const udp_ports&) = delete;
  udp_ports& operator=(const udp_ports&) = delete;

  /// A new port, until it is closed. Port 0 is a free one that nobody can guess (RFC 6056). A port
  /// of :: takes IPv4, too, unless `v6_only`.
  /// Errors: `address_not_available`, `address_in_use`, `too_many_files_open` beyond the bound.
  result<udp_port*> bind(const endpoint& local, bool v6_only = false);
  void close(udp_port& closed) noexcept;

  /// The next port with news (datagrams or an error), once for each time that it has some; null
  /// when there are none.
  udp_port* next_event() noexcept;
  bool has_events() const noexcept { return !events_.empty(); }

  bool deliver(incoming_packet&& arrived, instant now) override;
  void failed(const path_error& about, instant now) override;

  std::size_t size() const noexcept { return count_; }

  template <class Use>
  void for_each(Use use) const {
    for (const auto& [number, ports] : by_number_) {
      for (const auto& each : ports) use(*each);
    }
  }

 private:
  friend class udp_port;
  using same_number = std::vector<std::unique_ptr<udp_port>>;

  udp_port* find(const endpoint& local, const endpoint& remote) noexcept;
  bool is_taken(const endpoint& local, bool v6_only, const udp_port* by_other_than) const noexcept;
  result<std::uint16_t> choose_port(const ip_address& local, bool v6_only);
  void enqueue(udp_port& to, received_datagram&& arrived);
  void notify(udp_port& who);
  result<void> connect(udp_port& who, const endpoint& remote);
  result<void> send(udp_port& from, std::span<const std::byte> payload, const endpoint& to,
                    instant now);

  context& context_;
  ip_output& output_;
  std::unordered_map<std::uint16_t, same_number> by_number_;
  std::size_t count_ = 0;
  std::deque<udp_port*> events_;
};

}  // namespace pentad::native
