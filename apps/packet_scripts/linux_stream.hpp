// SOCK_STREAM over the stack's connections and listeners, with the errors of Linux.
#pragma once

#include "apps/packet_scripts/conversations.hpp"
#include "apps/packet_scripts/host_under_test.hpp"
#include "apps/packet_scripts/linux_socket.hpp"

namespace pentad::packet_scripts {

/// What is set of a socket; what it accepts inherits it.
struct stream_settings {
  std::optional<int> linger;  ///< seconds
  bool no_delay = false;
  bool reuse_port = false;
  bool v6_only = false;
  bool tells_inq = false;
  bool opens_fast = false;       ///< connect() waits for the first bytes (TCP_FASTOPEN_CONNECT)
  std::int64_t send_buffer = 0;  ///< as getsockopt(2) has it; 0: the default
  std::int64_t receive_buffer = 0;
  bool keep_alive = false;
  std::int64_t keep_idle = 7200;    ///< seconds
  std::int64_t keep_interval = 75;  ///< seconds
  std::int64_t keep_count = 9;
  std::int64_t user_timeout = 0;  ///< milliseconds
};

class linux_stream final : public linux_socket {
 public:
  linux_stream(host_under_test& host, conversations& talks, ip_version version);
  linux_stream(host_under_test& host, conversations& talks, native::connection& accepted,
               const stream_settings& inherited);
  ~linux_stream() override;

  call_result bind(const endpoint& local) override;
  call_result listen(unsigned backlog) override;
  call_result connect(const endpoint& remote) override;
  call_result accept(std::unique_ptr<linux_socket>& made) override;
  call_result read(std::size_t most) override;
  call_result write(std::size_t count, std::size_t& written,
                    const std::optional<endpoint>& to) override;
  call_result connect_and_write(std::size_t count, std::size_t& written,
                                const endpoint& to) override;
  call_result shutdown(int how) override;
  duration begin_closing() override;
  bool is_closing() override;
  call_result set_option(int level, int name, const option_value& value) override;
  call_result get_option(int level, int name, option_value& value) override;
  call_result queue_size(int request, std::int64_t& size) override;
  readiness ready() override;
  std::optional<std::int64_t> inq() override;

  /// Null before it is connected.
  const native::connection* connection() const noexcept { return connection_; }
  const stream_settings& settings() const noexcept { return settings_; }

 private:
  call_result get_connected(const endpoint& remote, bool fast_open);
  call_result begin_connecting(const endpoint& remote, bool fast_open);
  call_result set_socket_option(int name, const option_value& value);
  call_result set_tcp_option(int name, const option_value& value);
  call_result set_fast_open(std::int64_t most);
  bool get_socket_option(int name, option_value& value);
  bool get_tcp_option(int name, option_value& value);
  void apply();
  int take_error();

  host_under_test& host_;
  conversations& talks_;
  ip_version version_;
  stream_settings settings_;
  native::held_port bound_;
  bool is_bound_ = false;
  native::listener* listener_ = nullptr;
  std::optional<unsigned> fast_opens_;  // of this listener; none: as the host has it
  native::connection* connection_ = nullptr;
  bool connect_is_told_ = false;
  bool error_is_told_ = false;
};

}  // namespace pentad::packet_scripts
