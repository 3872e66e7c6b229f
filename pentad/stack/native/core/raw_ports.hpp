// All raw sockets of one host. They hear packets before the transports do, which do their work all
// the same.
#pragma once

#include <memory>
#include <vector>

#include "pentad/stack/native/core/port_news.hpp"
#include "pentad/stack/native/core/raw_port.hpp"

namespace pentad::native {

class raw_ports {
 public:
  raw_ports(context& shared, ip_output& output)
      : context_(shared), output_(output), news_(shared, output) {}
  raw_ports(const raw_ports&) = delete;
  raw_ports& operator=(const raw_ports&) = delete;

  /// A new port, until it is closed. One that only sends echoes gets a number that no other has.
  /// Errors: `too_many_files_open` beyond the bound of UDP's ports.
  result<raw_port*> open(const raw_settings& settings);
  void close(raw_port& closed) noexcept;

  template <class Use>
  void for_each(Use use) const {
    for (const auto& each : ports_) use(std::as_const(*each));
  }

  bool empty() const noexcept { return ports_.empty(); }

  datagram_port* next_event() noexcept { return news_.next(); }
  port_news& news() noexcept { return news_; }

  /// A packet of IP whose payload begins at `header`; `arrived` describes it. Returns whether
  /// somebody has heard it.
  bool hear(const packet& whole, std::size_t header, const incoming_packet& arrived) {
    return !ports_.empty() && give(whole, header, arrived);
  }

  /// An ICMP error about a packet of this host.
  void failed(const path_error& about);

 private:
  friend class raw_port;

  bool give(const packet& whole, std::size_t header, const incoming_packet& arrived);
  void give(raw_port& to, const packet& whole, std::size_t header, const incoming_packet& arrived);
  result<std::uint16_t> choose_identifier();
  result<void> send(raw_port& from, const port_message& message, instant now);
  result<void> complete(const raw_port& from, const path& way, const ip_address& to,
                        std::span<std::byte> content) const;

  context& context_;
  ip_output& output_;
  port_news news_;
  std::vector<std::unique_ptr<raw_port>> ports_;
};

}  // namespace pentad::native
