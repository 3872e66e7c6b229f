#include "apps/pentad/prober.hpp"

#include <array>
#include <utility>

#include "apps/pentad/icmp_socket.hpp"
#include "apps/pentad/send_despite_errors.hpp"
#include "pentad/inspect/icmp_text.hpp"
#include "pentad/inspect/tcp_probe.hpp"

namespace pentad::command {
namespace {

// Where traceroute has sent its probes since 1988; nobody listens on ports from here on.
constexpr std::uint16_t first_udp_port = 33434;

// Beside those that Linux itself chooses (ip_local_port_range).
constexpr std::uint16_t first_tcp_port = 61000;
constexpr std::uint16_t tcp_ports = 65535 - first_tcp_port;

constexpr std::array<std::byte, 32> probe_data{};

constexpr std::size_t buffer_size = 2048;

using heard = result<std::optional<probe_answer>>;

bool says_time_exceeded(const datagram_error& error) noexcept {
  return error.reporter && error.type == (error.reporter->is_v4() ? 11 : 3);
}

// Whoever says it, nobody but the target knows which of its ports are in use.
bool says_port_unreachable(const datagram_error& error) noexcept {
  const bool is_v4 = error.reporter && error.reporter->is_v4();
  return error.reporter && error.type == (is_v4 ? 3 : 1) && error.icmp_code == (is_v4 ? 3 : 4);
}

heard about(std::size_t probe, const datagram_error& error, const ip_address& target) {
  if (error.is_local || !error.reporter) return std::nullopt;
  const bool is_target = *error.reporter == target || says_port_unreachable(error);
  return probe_answer{probe, *error.reporter,
                      icmp_text(error.reporter->version(), error.type, error.icmp_code),
                      !says_time_exceeded(error), is_target};
}

class udp_prober final : public prober {
 public:
  udp_prober(datagram_socket socket, const ip_address& target) noexcept
      : socket_(std::move(socket)), target_(target) {}

  task<result<void>> send(std::size_t probe, std::uint8_t hop_limit) override {
    const auto port = static_cast<std::uint16_t>(first_udp_port + probe);
    const outgoing_datagram message{
        .bytes = probe_data, .to = endpoint(target_, port), .hop_limit = hop_limit};
    return send_despite_errors(socket_, message);
  }

  task<heard> receive_answer() override {
    const result<received_datagram> got = co_await socket_.receive(buffer_);
    if (!got) co_return failure(got.error());
    const endpoint& from = got->source.ip();
    if (from.address != target_ || from.port < first_udp_port) co_return std::nullopt;
    co_return probe_answer{from.port - std::size_t{first_udp_port}, from.address, "answered", true,
                           true};
  }

  task<heard> receive_error() override {
    const result<datagram_error> got = co_await socket_.receive_error();
    if (!got) co_return failure(got.error());
    if (!got->destination || got->destination->ip().port < first_udp_port) co_return std::nullopt;
    co_return about(got->destination->ip().port - std::size_t{first_udp_port}, *got, target_);
  }

 private:
  datagram_socket socket_;
  ip_address target_;
  std::array<std::byte, buffer_size> buffer_;
};

class icmp_prober final : public prober {
 public:
  icmp_prober(icmp_socket socket, const ip_address& target) noexcept
      : socket_(std::move(socket)), target_(target) {}

  task<result<void>> send(std::size_t probe, std::uint8_t hop_limit) override {
    const icmp_echo request{.identifier = socket_.identifier(),
                            .sequence = static_cast<std::uint16_t>(probe + 1),
                            .data = probe_data};
    request_.resize(request.size());
    request.emit(target_.version(), request_);
    const outgoing_datagram message{
        .bytes = request_, .to = endpoint(target_, 0), .hop_limit = hop_limit};
    return send_despite_errors(socket_.socket(), message);
  }

  task<heard> receive_answer() override {
    const result<received_datagram> got = co_await socket_.socket().receive(buffer_);
    if (!got) co_return failure(got.error());
    const std::optional<std::uint16_t> sequence = socket_.replied(got->bytes);
    if (!sequence || *sequence == 0) co_return std::nullopt;
    co_return probe_answer{*sequence - std::size_t{1}, got->source.ip().address, "echo reply", true,
                           true};
  }

  task<heard> receive_error() override {
    const result<datagram_error> got = co_await socket_.socket().receive_error(quoted_);
    if (!got) co_return failure(got.error());
    const std::optional<std::uint16_t> sequence = socket_.quoted(got->bytes);
    if (!sequence || *sequence == 0) co_return std::nullopt;
    co_return about(*sequence - std::size_t{1}, *got, target_);
  }

 private:
  icmp_socket socket_;
  ip_address target_;
  std::vector<std::byte> request_;
  std::array<std::byte, buffer_size> buffer_;
  std::array<std::byte, 64> quoted_;
};

class tcp_prober final : public prober {
 public:
  tcp_prober(raw_socket socket, const ip_address& source, const endpoint& target,
             std::uint64_t chance) noexcept
      : socket_(std::move(socket)),
        source_(source),
        target_(target),
        sequence_(static_cast<std::uint32_t>(chance)),
        first_offset_(static_cast<std::uint16_t>((chance >> 32) % tcp_ports)) {}

  task<result<void>> send(std::size_t probe, std::uint8_t hop_limit) override {
    const auto offset = static_cast<std::uint16_t>((first_offset_ + probe) % tcp_ports);
    const auto port = static_cast<std::uint16_t>(first_tcp_port + offset);
    tcp_probe{endpoint(source_, port), target_, sequence_}.emit(segment_);
    const outgoing_datagram message{.bytes = segment_, .hop_limit = hop_limit};
    return send_despite_errors(socket_, message);
  }

  task<heard> receive_answer() override {
    const result<received_datagram> got = co_await socket_.receive(buffer_);
    if (!got) co_return failure(got.error());
    const auto answer = tcp_probe_answer::parse(got->bytes, sequence_);
    if (!answer || answer->service_port != target_.port) co_return std::nullopt;
    co_return probe_answer{probe_from(answer->probe_port), got->source.ip().address,
                           answer->is_open ? "open" : "closed", true, true};
  }

  task<heard> receive_error() override {
    const result<datagram_error> got = co_await socket_.receive_error(quoted_);
    if (!got) co_return failure(got.error());
    const auto quoted = tcp_probe_answer::parse_quoted(got->bytes, sequence_);
    if (!quoted || quoted->service_port != target_.port) co_return std::nullopt;
    co_return about(probe_from(quoted->probe_port), *got, target_.address);
  }

 private:
  // A port that is none of ours gives a probe that was never sent.
  std::size_t probe_from(std::uint16_t port) const noexcept {
    const int offset = port - first_tcp_port - first_offset_;
    return static_cast<std::size_t>((offset + 2 * tcp_ports) % tcp_ports);
  }

  raw_socket socket_;
  ip_address source_;
  endpoint target_;
  std::uint32_t sequence_;
  std::uint16_t first_offset_;
  std::array<std::byte, tcp_probe::size()> segment_;
  std::array<std::byte, buffer_size> buffer_;
  std::array<std::byte, 64> quoted_;
};

}  // namespace

result<std::unique_ptr<prober>> make_udp_prober(host& here, const ip_address& target) {
  datagram_options options;
  options.errors = true;
  result<datagram_socket> opened =
      here.datagram(endpoint(ip_address::any(target.version()), 0), options);
  if (!opened) return failure(opened.error());
  return std::make_unique<udp_prober>(std::move(*opened), target);
}

result<std::unique_ptr<prober>> make_icmp_prober(host& here, const ip_address& target) {
  result<icmp_socket> opened = icmp_socket::open(here, target.version());
  if (!opened) return failure(opened.error());
  return std::make_unique<icmp_prober>(std::move(*opened), target);
}

result<std::unique_ptr<prober>> make_tcp_prober(host& here, const ip_address& target,
                                                std::uint16_t port) {
  raw_options options;
  options.common.errors = true;
  result<raw_socket> opened = here.raw(target.version(), ip_protocol::tcp, options);
  if (!opened) return failure(opened.error());
  if (const result<void> connected = opened->connect(target); !connected) {
    return failure(connected.error());
  }
  const result<socket_address> source = opened->local();
  if (!source) return failure(source.error());
  return std::make_unique<tcp_prober>(std::move(*opened), source->ip().address,
                                      endpoint(target, port), here.random());
}

}  // namespace pentad::command
