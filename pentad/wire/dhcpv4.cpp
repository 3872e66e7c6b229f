#include "pentad/wire/dhcpv4.hpp"

#include <algorithm>
#include <array>
#include <cassert>

#include "pentad/base/byte_order.hpp"
#include "pentad/wire/address_bytes.hpp"

namespace pentad::wire {

namespace {

constexpr std::uint32_t magic_cookie = 0x6382'5363;
constexpr std::size_t server_name_at = 44;
constexpr std::size_t server_name_size = 64;
constexpr std::size_t file_at = 108;
constexpr std::size_t file_size = 128;
constexpr std::size_t cookie_at = 236;
constexpr std::size_t options_at = 240;
constexpr std::size_t least_size = 300;  // RFC 1542 section 2.1: relays may drop what is shorter

constexpr std::byte request_code{1};
constexpr std::byte ethernet{1};
constexpr std::byte pad{0};
constexpr std::byte end{255};
constexpr std::uint16_t broadcast_flag = 0x8000;

/// RFC 2132 section 9.3: which fields hold options, too.
constexpr std::uint8_t file_holds_options = 1;
constexpr std::uint8_t server_name_holds_options = 2;

/// The most that a client takes (RFC 2132 section 9.10): one datagram on Ethernet.
constexpr std::uint16_t most_size = 1472;

constexpr std::array wanted{
    std::byte{1},  // in the order of RFC 3442: classless routes before routers
    std::byte{121}, std::byte{3},  std::byte{6},  std::byte{15}, std::byte{26},
    std::byte{51},  std::byte{58}, std::byte{59}, std::byte{119}};

/// Calls `use(code, value)` for each option; false if one is cut.
template <class Use>
bool for_each_option(std::span<const std::byte> options, Use use) noexcept {
  while (!options.empty() && options[0] != end) {
    if (options[0] == pad) {
      options = options.subspan(1);
      continue;
    }
    if (options.size() < 2) return false;
    const std::size_t size = std::to_integer<std::size_t>(options[1]);
    if (size > options.size() - 2) return false;
    use(static_cast<dhcpv4_option>(options[0]), options.subspan(2, size));
    options = options.subspan(2 + size);
  }
  return true;
}

/// Appends options to a message.
class option_writer {
 public:
  explicit option_writer(std::span<std::byte> out) noexcept : rest_{out} {}

  void add(dhcpv4_option which, std::span<const std::byte> value) noexcept {
    rest_[0] = static_cast<std::byte>(which);
    rest_[1] = static_cast<std::byte>(value.size());
    std::ranges::copy(value, rest_.begin() + 2);
    rest_ = rest_.subspan(2 + value.size());
  }
  void add(dhcpv4_option which, const ip_address& address) noexcept { add(which, address.bytes()); }
  void finish() noexcept { rest_[0] = end; }

 private:
  std::span<std::byte> rest_;
};

}  // namespace

std::size_t dhcpv4_request::size() const noexcept {
  std::size_t options = 3 + 4 + 2 + wanted.size() + 1;
  if (requested) options += 6;
  if (server) options += 6;
  if (!client_identifier.empty()) options += 2 + client_identifier.size();
  return std::max(options_at + options, least_size);
}

void dhcpv4_request::emit(std::span<std::byte> out) const noexcept {
  assert(client.is_v4() && client_identifier.size() <= 255);
  const std::span<std::byte> message = out.first(size());
  std::ranges::fill(message, std::byte{0});
  message[0] = request_code;
  message[1] = ethernet;
  message[2] = std::byte{mac_address::size};
  store_be32(&message[4], transaction);
  store_be16(&message[8], seconds);
  store_be16(&message[10], broadcast ? broadcast_flag : 0);
  store_address(&message[12], client);
  store_address(&message[28], mac);
  store_be32(&message[cookie_at], magic_cookie);

  option_writer options{message.subspan(options_at)};
  options.add(dhcpv4_option::message_type, std::array{static_cast<std::byte>(type)});
  if (!client_identifier.empty()) options.add(dhcpv4_option::client_identifier, client_identifier);
  if (requested) options.add(dhcpv4_option::requested_address, *requested);
  if (server) options.add(dhcpv4_option::server_identifier, *server);
  const bool asks = type == dhcpv4_type::discover || type == dhcpv4_type::request;
  if (asks) {  // RFC 2131 table 5: not in a decline
    std::array<std::byte, 2> size_value{};
    store_be16(size_value.data(), most_size);
    options.add(dhcpv4_option::message_size, size_value);
    options.add(dhcpv4_option::parameter_list, wanted);
  }
  options.finish();
}

parsed<dhcpv4_view> dhcpv4_view::parse(std::span<const std::byte> message) noexcept {
  if (message.size() < options_at) return std::unexpected{parse_error::truncated};
  const bool is_known_code = message[0] == std::byte{1} || message[0] == std::byte{2};
  if (!is_known_code || load_be32(&message[cookie_at]) != magic_cookie) {
    return std::unexpected{parse_error::malformed};
  }
  if (message[1] != ethernet || message[2] != std::byte{mac_address::size}) {
    return std::unexpected{parse_error::unsupported};
  }
  const auto ignore = [](dhcpv4_option, std::span<const std::byte>) {};
  const dhcpv4_view view{message};
  if (!for_each_option(message.subspan(options_at), ignore)) {
    return std::unexpected{parse_error::truncated};
  }
  const std::uint8_t fields = view.overload();
  const bool file_is_whole = (fields & file_holds_options) == 0 ||
                             for_each_option(message.subspan(file_at, file_size), ignore);
  const bool name_is_whole =
      (fields & server_name_holds_options) == 0 ||
      for_each_option(message.subspan(server_name_at, server_name_size), ignore);
  if (!file_is_whole || !name_is_whole) return std::unexpected{parse_error::truncated};
  return view;
}

std::uint32_t dhcpv4_view::transaction() const noexcept { return load_be32(&message_[4]); }
ip_address dhcpv4_view::client() const noexcept { return load_v4(&message_[12]); }
ip_address dhcpv4_view::offered() const noexcept { return load_v4(&message_[16]); }
mac_address dhcpv4_view::mac() const noexcept { return load_mac(&message_[28]); }

std::optional<dhcpv4_type> dhcpv4_view::type() const noexcept {
  std::array<std::byte, 2> room{};
  const auto found = value(dhcpv4_option::message_type, room);
  if (!found || found->size() != 1) return std::nullopt;
  return static_cast<dhcpv4_type>((*found)[0]);
}

std::optional<std::span<const std::byte>> dhcpv4_view::value(
    dhcpv4_option which, std::span<std::byte> out) const noexcept {
  bool is_there = false;
  std::size_t size = 0;
  const auto take = [&](dhcpv4_option each, std::span<const std::byte> part) {
    if (each != which) return;
    is_there = true;
    const auto taken = part.first(std::min(part.size(), out.size() - size));
    std::ranges::copy(taken, out.begin() + static_cast<std::ptrdiff_t>(size));
    size += taken.size();
  };
  const std::uint8_t fields = overload();
  for_each_option(message_.subspan(options_at), take);
  // RFC 2131 section 4.1: the file field before that of the server's name.
  if ((fields & file_holds_options) != 0) {
    for_each_option(message_.subspan(file_at, file_size), take);
  }
  if ((fields & server_name_holds_options) != 0) {
    for_each_option(message_.subspan(server_name_at, server_name_size), take);
  }
  if (!is_there) return std::nullopt;
  return out.first(size);
}

std::optional<ip_address> dhcpv4_view::address(dhcpv4_option which) const noexcept {
  std::array<std::byte, 5> room{};
  const auto found = value(which, room);
  if (!found || found->size() != 4) return std::nullopt;
  return load_v4(found->data());
}

std::optional<std::uint32_t> dhcpv4_view::number(dhcpv4_option which) const noexcept {
  std::array<std::byte, 5> room{};
  const auto found = value(which, room);
  if (found && found->size() == 2) return load_be16(found->data());
  if (found && found->size() == 4) return load_be32(found->data());
  return std::nullopt;
}

/// Stands among the options proper alone.
std::uint8_t dhcpv4_view::overload() const noexcept {
  std::uint8_t fields = 0;
  for_each_option(message_.subspan(options_at),
                  [&](dhcpv4_option each, std::span<const std::byte> value) {
                    if (each == dhcpv4_option::overload && value.size() == 1) {
                      fields = std::to_integer<std::uint8_t>(value[0] & std::byte{3});
                    }
                  });
  return fields;
}

}  // namespace pentad::wire
