// A DNS server that says what a test tells it to say, true or not.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "pentad/runtime/scope.hpp"
#include "pentad/socket/host.hpp"
#include "tests/runtime/must.hpp"
#include "tests/socket/dns_text.hpp"

namespace pentad::test {

/// What came to the server, as far as tests want to know.
struct dns_inquiry : dns_question {
  dns_inquiry(std::span<const std::byte> message, const socket_address& from, bool tcp)
      : dns_question(message), source(from), over_tcp(tcp) {}

  socket_address source;
  bool over_tcp;
};

class name_server {
 public:
  /// The datagrams to send in return; over TCP the first of them.
  using answers = std::function<std::vector<std::string>(const dns_inquiry&)>;

  name_server(host& here, const ip_address& at)
      : stream_(must(here.listen(endpoint(at, 0)))),
        socket_(must(here.datagram(address()))),
        elsewhere_(must(here.datagram(endpoint(at, 0)))) {}

  endpoint address() const { return must(stream_.local()).ip(); }

  /// Answers until it is cancelled.
  void serve(scope& all) {
    all.spawn(serve_datagrams());
    all.spawn(serve_streams());
  }

  answers answer = [](const dns_inquiry&) { return std::vector<std::string>(); };
  std::vector<std::string> lies;  ///< sent from another port, before each answer
  std::size_t together = 1;       ///< answers nobody until so many have asked
  std::vector<dns_inquiry> asked;

  /// The names and types of the questions so far, such as `host.example/A`.
  std::vector<std::string> questions() const {
    std::vector<std::string> texts;
    for (const dns_inquiry& each : asked) {
      texts.push_back(each.name + (each.type == dns::aaaa ? "/AAAA" : "/A") +
                      (each.over_tcp ? "/TCP" : ""));
    }
    return texts;
  }

 private:
  task<> serve_datagrams() {
    std::vector<std::byte> buffer(4096);
    std::vector<dns_inquiry> waiting;
    for (;;) {
      const result<received_datagram> got = co_await socket_.receive(buffer);
      if (!got && got.error() == std::errc::operation_canceled) co_return;
      if (!got) continue;  // the one who asked has gone
      waiting.emplace_back(got->bytes, got->source, false);
      asked.push_back(waiting.back());
      if (waiting.size() < together) continue;
      for (const dns_inquiry& each : waiting) co_await send_answers(each);
      waiting.clear();
    }
  }

  task<> send_answers(const dns_inquiry& to) {
    for (const std::string& lie : lies) {
      must(co_await elsewhere_.send(std::as_bytes(std::span(lie)), to.source));
    }
    const std::vector<std::string> texts = answer(to);
    for (const std::string& text : texts) {
      static_cast<void>(co_await socket_.send(std::as_bytes(std::span(text)), to.source));
    }
  }

  task<> serve_streams() {
    for (;;) {
      result<stream_socket> client = co_await stream_.accept();
      if (!client) co_return;
      co_await serve_stream(*client);
    }
  }

  task<> serve_stream(stream_socket& client) {
    std::vector<std::byte> got;
    while (got.size() < 2 || got.size() < 2U + load_be16(got.data())) {
      const result<received> more = co_await client.receive();
      if (!more || more->empty()) co_return;
      got.insert(got.end(), more->bytes().begin(), more->bytes().end());
    }
    const std::span<const std::byte> message = std::span(got).subspan(2);
    const dns_inquiry inquiry(message, must(client.remote()), true);
    asked.push_back(inquiry);
    const std::vector<std::string> texts = answer(inquiry);
    if (texts.empty()) co_return;
    const std::string framed =
        dns::number16(static_cast<unsigned>(texts.front().size())) + texts.front();
    // In two parts, as a network may deliver it.
    const std::span<const std::byte> bytes = std::as_bytes(std::span(framed));
    static_cast<void>(co_await client.send(bytes.first(1)));
    static_cast<void>(co_await client.send(bytes.subspan(1)));
  }

  stream_listener stream_;
  datagram_socket socket_;
  datagram_socket elsewhere_;
};

/// A reply to `to` that is still empty.
inline dns_message reply_to(const dns_inquiry& to, std::uint16_t flags = dns::reply) {
  return dns_message(to.id, flags).question(to.labels, to.type);
}

/// Its addresses: those of the version that it asks for.
inline std::string addresses_for(const dns_inquiry& to, const std::vector<ip_address>& addresses,
                                 std::uint32_t ttl = 60) {
  dns_message message = reply_to(to);
  for (const ip_address& each : addresses) {
    const std::uint16_t type = each.is_v4() ? dns::a : dns::aaaa;
    if (type == to.type) message.answer(to.labels, type, ttl, dns::data(each));
  }
  if (message.text() == reply_to(to).text()) {
    message.authority(dns::name("example"), dns::soa, ttl, dns::soa_data(ttl));
  }
  return message.text();
}

}  // namespace pentad::test
