#include "pentad/socket/names/dns_exchange.hpp"

#include <array>

#include "pentad/base/byte_order.hpp"
#include "pentad/socket/host.hpp"
#include "pentad/socket/names/secrets.hpp"
#include "pentad/socket/receive_exactly.hpp"

namespace pentad::names {
namespace {

// Larger than asked for: a server may take EDNS less seriously than we do.
constexpr std::size_t udp_buffer_size = 4096;

// So many datagrams from the server's address that are no reply to the question are not an
// accident: somebody guesses ids.
constexpr unsigned most_wrong_replies = 16;

struct identified_query {
  std::uint16_t id;
  std::vector<std::byte> message;
};

// With an id that nobody can guess (RFC 5452, section 9.2).
result<identified_query> make_secret_query(const exchange& wanted,
                                           const name_service::secret_source& secrets) {
  const result<std::uint16_t> id = secret_number(secrets);
  if (!id) return failure(id.error());
  result<std::vector<std::byte>> message = make_query(*id, wanted.asked, wanted.extended);
  if (!message) return failure(message.error());
  return identified_query{*id, std::move(*message)};
}

// A socket at a port of the upper half, which nobody can guess (RFC 5452, section 9.2), as long as
// enough of them are free.
result<datagram_socket> open_somewhere(host& here, ip_version version,
                                       const name_service::secret_source& secrets) {
  constexpr unsigned tries = 8;
  constexpr unsigned upper_half = 0x8000;
  const ip_address any = ip_address::any(version);
  for (unsigned i = 0; i < tries; ++i) {
    const result<std::uint16_t> number = secret_number(secrets);
    if (!number) return failure(number.error());
    result<datagram_socket> opened =
        here.datagram(endpoint(any, static_cast<std::uint16_t>(*number | upper_half)));
    if (opened || opened.error() != std::errc::address_in_use) return opened;
  }
  return here.datagram(endpoint(any, 0));
}

// The next reply to the question; `truncated` when there was too much else.
task<result<reply>> receive_reply(datagram_socket& socket, std::uint16_t id,
                                  const exchange& wanted) {
  std::vector<std::byte> buffer(udp_buffer_size);
  for (unsigned wrong = 0; wrong < most_wrong_replies; ++wrong) {
    const result<received_datagram> got = co_await socket.receive(buffer);
    if (!got) co_return failure(got.error());
    if (got->source != wanted.server) continue;
    std::optional<reply> read = read_reply(got->bytes, id, wanted.asked);
    if (!read) continue;
    if (got->truncated()) read->kind = reply_kind::truncated;
    co_return std::move(*read);
  }
  co_return reply(reply_kind::truncated);
}

task<result<reply>> ask_over_udp(host& here, const exchange& wanted,
                                 const name_service::secret_source& secrets) {
  const result<identified_query> query = make_secret_query(wanted, secrets);
  if (!query) co_return failure(query.error());
  result<datagram_socket> socket = open_somewhere(here, wanted.server.address.version(), secrets);
  if (!socket) co_return failure(socket.error());
  const result<void> connected = socket->connect(wanted.server);
  if (!connected) co_return failure(connected.error());
  const result<void> sent = co_await socket->send(query->message);
  if (!sent) co_return failure(sent.error());
  co_return co_await receive_reply(*socket, query->id, wanted);
}

// A message over a stream, behind its size (RFC 1035, section 4.2.2).
task<result<void>> send_message(stream_socket& to, std::span<const std::byte> message) {
  std::array<std::byte, 2> size{};
  store_be16(size.data(), static_cast<std::uint16_t>(message.size()));
  const std::array<std::span<const std::byte>, 2> parts{size, message};
  co_return co_await to.send(std::span<const std::span<const std::byte>>(parts));
}

task<result<std::vector<std::byte>>> receive_message(stream_socket& from) {
  std::array<std::byte, 2> size{};
  const result<void> announced = co_await receive_exactly(from, size);
  if (!announced) co_return failure(announced.error());
  std::vector<std::byte> message(load_be16(size.data()));
  const result<void> got = co_await receive_exactly(from, message);
  if (!got) co_return failure(got.error());
  co_return message;
}

task<result<reply>> ask_over_tcp(host& here, const exchange& wanted,
                                 const name_service::secret_source& secrets) {
  const result<identified_query> query = make_secret_query(wanted, secrets);
  if (!query) co_return failure(query.error());
  result<stream_socket> stream = co_await here.connect(wanted.server);
  if (!stream) co_return failure(stream.error());
  const result<void> sent = co_await send_message(*stream, query->message);
  if (!sent) co_return failure(sent.error());
  const result<std::vector<std::byte>> message = co_await receive_message(*stream);
  if (!message) co_return failure(message.error());
  std::optional<reply> read = read_reply(*message, query->id, wanted.asked);
  if (!read || read->kind == reply_kind::truncated) co_return reply(reply_kind::failed);
  co_return std::move(*read);
}

}  // namespace

task<result<reply>> ask(host& here, const exchange& wanted,
                        const name_service::secret_source& secrets) {
  if (!wanted.use_tcp) {
    result<reply> over_udp = co_await ask_over_udp(here, wanted, secrets);
    if (!over_udp || over_udp->kind != reply_kind::truncated) co_return over_udp;
  }
  co_return co_await ask_over_tcp(here, wanted, secrets);
}

}  // namespace pentad::names
