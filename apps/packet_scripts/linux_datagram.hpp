// SOCK_DGRAM over the stack's UDP ports.
#pragma once

#include "apps/packet_scripts/conversations.hpp"
#include "apps/packet_scripts/host_under_test.hpp"
#include "apps/packet_scripts/linux_socket.hpp"

namespace pentad::packet_scripts {

class linux_datagram final : public linux_socket {
 public:
  linux_datagram(host_under_test& host, conversations& talks, ip_version version)
      : host_(host), talks_(talks), version_(version) {}
  ~linux_datagram() override;

  call_result bind(const endpoint& local) override;
  call_result listen(unsigned backlog) override;
  call_result connect(const endpoint& remote) override;
  call_result accept(std::unique_ptr<linux_socket>& made) override;
  call_result read(std::size_t most) override;
  call_result write(std::size_t count, std::size_t& written,
                    const std::optional<endpoint>& to) override;
  call_result shutdown(int how) override;
  call_result set_option(int level, int name, const option_value& value) override;
  call_result get_option(int level, int name, option_value& value) override;
  call_result queue_size(int request, std::int64_t& size) override;
  readiness ready() override;

 private:
  int bind_any();

  host_under_test& host_;
  conversations& talks_;
  ip_version version_;
  native::udp_port* port_ = nullptr;
  bool reuse_address_ = false;
};

}  // namespace pentad::packet_scripts
