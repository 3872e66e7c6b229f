// UDP of one host: its ports, which datagrams are whose, and the way out (RFC 768, RFC 1122 section
// 4.1, RFC 8200 section 8.1).
#pragma once

#include <memory>
#include <unordered_map>
#include <vector>

#include "pentad/stack/native/core/port_news.hpp"
#include "pentad/stack/native/core/udp_port.hpp"
#include "pentad/wire/udp.hpp"

namespace pentad::native {

/// How a port is bound.
struct udp_binding {
  bool v6_only = false;        ///< a port of :: takes IPv4, too, unless this is set
  bool reuse_address = false;  ///< others that say so may have the same address
  bool reuse_port = false;     ///< the same, and datagrams are spread over them
  std::optional<std::uint32_t> device = {};
};

class udp_ports final : public transport {
 public:
  udp_ports(context& shared, ip_output& output)
      : context_(shared), output_(output), news_(shared, output), key_(shared.numbers.key()) {}
  udp_ports(const udp_ports&) = delete;
  udp_ports& operator=(const udp_ports&) = delete;

  /// A new port, until it is closed. Port 0 is a free one that nobody can guess (RFC 6056).
  /// Errors: `address_not_available`, `address_in_use`, `too_many_files_open` beyond the bound.
  result<udp_port*> bind(const endpoint& local, const udp_binding& how);
  result<udp_port*> bind(const endpoint& local, bool v6_only = false) {
    return bind(local, udp_binding{.v6_only = v6_only});
  }
  void close(udp_port& closed) noexcept;

  /// The options of a fresh port.
  port_options defaults() const noexcept { return default_options(context_.settings); }

  /// The next port with news, once for each time that it has some; null when there are none.
  datagram_port* next_event() noexcept { return news_.next(); }
  bool has_events() const noexcept { return !news_.empty(); }
  port_news& news() noexcept { return news_; }

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

  udp_port* find(const endpoint& local, const endpoint& remote,
                 std::uint32_t by_interface) noexcept;
  bool deliver_to_all(arrived_datagram&& arrived);
  bool is_taken(const endpoint& local, const udp_binding& how,
                const udp_port* by_other_than) const noexcept;
  result<std::uint16_t> choose_port(const ip_address& local, const udp_binding& how);
  result<void> connect(udp_port& who, const endpoint& remote);
  result<void> send(udp_port& from, const port_message& message, instant now);
  packet make(const udp_port& from, const path& way, const endpoint& to,
              std::span<const std::byte> payload);

  context& context_;
  ip_output& output_;
  port_news news_;
  siphash_key key_;  // of what spreads datagrams over ports
  std::unordered_map<std::uint16_t, same_number> by_number_;
  std::size_t count_ = 0;
};

}  // namespace pentad::native
