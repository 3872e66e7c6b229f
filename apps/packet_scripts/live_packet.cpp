#include "apps/packet_scripts/live_packet.hpp"

#include <algorithm>
#include <array>

#include "apps/packet_scripts/flag_letters.hpp"
#include "apps/packet_scripts/mismatch.hpp"
#include "pentad/wire/icmpv6.hpp"
#include "pentad/wire/ipv4.hpp"
#include "pentad/wire/ipv6.hpp"
#include "pentad/wire/udp.hpp"

namespace pentad::packet_scripts {
namespace {

using kind = tcp_option::kind;

constexpr std::uint16_t fast_open_magic = 0xf989;  // RFC 7413, appendix A

std::uint32_t number_of(std::span<const std::byte> big_endian) {
  std::uint32_t number = 0;
  for (const std::byte each : big_endian) number = number << 8 | std::to_integer<unsigned>(each);
  return number;
}

tcp_option read_option(kind what, std::span<const std::byte> value) {
  tcp_option read{what, {}, {}};
  switch (what) {
    case kind::maximum_segment_size:
    case kind::window_scale:
      read.numbers = {number_of(value)};
      break;
    case kind::sack:
    case kind::timestamps:
      for (; value.size() >= 4; value = value.subspan(4)) {
        read.numbers.push_back(number_of(value.first(4)));
      }
      break;
    case kind::experimental:
      if (value.size() >= 2) value = value.subspan(2);
      [[fallthrough]];
    default:
      read.bytes.assign(value.begin(), value.end());
  }
  return read;
}

std::vector<tcp_option> read_options(std::span<const std::byte> from) {
  std::vector<tcp_option> read;
  while (!from.empty()) {
    const auto what = static_cast<kind>(from[0]);
    if (what == kind::no_operation || what == kind::end_of_list) {
      read.push_back({what, {}, {}});
      from = from.subspan(1);
      continue;
    }
    const std::size_t length = from.size() < 2 ? 0 : std::to_integer<std::size_t>(from[1]);
    if (length < 2 || length > from.size()) throw mismatch("options", "malformed ones");
    read.push_back(read_option(what, from.subspan(2, length - 2)));
    from = from.subspan(length);
  }
  return read;
}

void append(bytes& to, std::uint32_t number, std::size_t size) {
  while (size-- > 0) to.push_back(static_cast<std::byte>(number >> 8 * size));
}

bytes option_bytes(const std::vector<tcp_option>& options) {
  bytes made;
  for (const tcp_option& each : options) {
    made.push_back(static_cast<std::byte>(each.what));
    if (each.what == kind::no_operation || each.what == kind::end_of_list) continue;
    bytes value;
    const std::size_t width = each.what == kind::maximum_segment_size ? 2
                              : each.what == kind::window_scale       ? 1
                                                                      : 4;
    if (each.what == kind::experimental) append(value, fast_open_magic, 2);
    for (const std::uint32_t number : each.numbers) append(value, number, width);
    value.insert(value.end(), each.bytes.begin(), each.bytes.end());
    made.push_back(static_cast<std::byte>(value.size() + 2));
    made.insert(made.end(), value.begin(), value.end());
  }
  made.resize((made.size() + 3) / 4 * 4);
  if (made.size() > wire::tcp_options::capacity) {
    throw malformed({}, "the options take more than 40 bytes");
  }
  return made;
}

// An IP packet around `content`, of which `missing` bytes are left out at the end.
bytes wrap(const ip_address& from, const ip_address& to, ip_protocol protocol,
           std::uint8_t traffic_class, const bytes& content, std::size_t missing = 0) {
  bytes made;
  constexpr std::size_t most = 65535 - wire::ipv4_header::size();
  if (content.size() + missing > most) throw unsupported("packets of more than 65535 bytes");
  const auto size = static_cast<std::uint16_t>(content.size() + missing);
  if (from.is_v4()) {
    made.resize(wire::ipv4_header::size());
    wire::ipv4_header{.source = from,
                      .destination = to,
                      .protocol = protocol,
                      .traffic_class = traffic_class,
                      .payload_size = size}
        .emit(made);
  } else {
    made.resize(wire::ipv6_header::size());
    wire::ipv6_header{.source = from,
                      .destination = to,
                      .next_header = protocol,
                      .traffic_class = traffic_class,
                      .payload_size = size}
        .emit(made);
  }
  made.insert(made.end(), content.begin(), content.end());
  return made;
}

// How much the UDP datagram carries that an ICMP error quotes.
std::optional<std::size_t> udp_size_in(std::span<const std::byte> quoted) {
  const auto size_in = [](const auto& packet) -> std::optional<std::size_t> {
    const std::span<const std::byte> datagram = packet.payload();
    if (datagram.size() < wire::udp_header::size()) return std::nullopt;
    return load_be16(&datagram[4]) - wire::udp_header::size();
  };
  if (const auto v4 = wire::ipv4_view::parse_quoted(quoted); v4) {
    return v4->protocol() == ip_protocol::udp ? size_in(*v4) : std::nullopt;
  }
  const auto v6 = wire::ipv6_view::parse_quoted(quoted);
  return v6 && v6->next_header() == ip_protocol::udp ? size_in(*v6) : std::nullopt;
}

void read_transport(live_packet& read, std::span<const std::byte> content) {
  if (read.protocol == ip_protocol::tcp) {
    const wire::pseudo_header pseudo(read.source.address, read.destination.address,
                                     ip_protocol::tcp);
    const auto view = wire::tcp_view::parse(content, pseudo);
    if (!view) throw mismatch("a packet", "a malformed segment");
    read.source.port = view->source_port();
    read.destination.port = view->destination_port();
    read.payload_size = view->payload().size();
    tcp_packet& tcp = read.tcp;
    tcp.flags = view->flags();
    tcp.first = view->sequence().number();
    tcp.size = static_cast<std::uint16_t>(read.payload_size);
    tcp.acknowledgment = view->acknowledgment().number();
    tcp.window = view->window();
    tcp.urgent_pointer = view->urgent_pointer();
    tcp.options = read_options(content.first(view->header_size()).subspan(20));
  } else if (read.protocol == ip_protocol::udp && content.size() >= wire::udp_header::size()) {
    read.source.port = load_be16(content.data());
    read.destination.port = load_be16(&content[2]);
    read.payload_size = content.size() - wire::udp_header::size();
  } else if (content.size() >= wire::icmpv4_header::size()) {
    read.icmp_type = std::to_integer<std::uint8_t>(content[0]);
    read.icmp_code = std::to_integer<std::uint8_t>(content[1]);
    read.icmp_mtu = load_be32(&content[4]);
    read.quoted_udp = udp_size_in(content.subspan(wire::icmpv4_header::size()));
  }
}

}  // namespace

live_packet read_packet(std::span<const std::byte> packet) {
  live_packet read;
  if ((packet[0] >> 4) == std::byte{4}) {
    const auto view = wire::ipv4_view::parse(packet);
    if (!view) throw mismatch("a packet", "a malformed IPv4 packet");
    read.source.address = view->source();
    read.destination.address = view->destination();
    read.protocol = view->protocol();
    read.traffic_class = view->traffic_class();
    read_transport(read, view->payload());
  } else {
    const auto view = wire::ipv6_view::parse(packet);
    if (!view) throw mismatch("a packet", "a malformed IPv6 packet");
    read.source.address = view->source();
    read.destination.address = view->destination();
    read.protocol = view->next_header();
    read.traffic_class = view->traffic_class();
    read_transport(read, view->payload());
  }
  return read;
}

bytes make_tcp(const endpoint& from, const endpoint& to, const tcp_packet& segment) {
  const bytes options = option_bytes(*segment.options);
  bytes made(wire::tcp_header::least_size);
  wire::tcp_header{.source_port = from.port,
                   .destination_port = to.port,
                   .sequence = wire::tcp_sequence(segment.first),
                   .acknowledgment = wire::tcp_sequence(segment.acknowledgment),
                   .flags = segment.flags,
                   .window = segment.window.value_or(0),
                   .urgent_pointer = segment.urgent_pointer,
                   .options = {}}
      .emit(made, wire::pseudo_header(from.address, to.address, ip_protocol::tcp),
            wire::internet_sum());
  made.insert(made.end(), options.begin(), options.end());
  made[12] = static_cast<std::byte>(made.size() / 4 << 4);
  made.resize(made.size() + segment.size);
  store_be16(&made[16], 0);
  const wire::pseudo_header pseudo(from.address, to.address, ip_protocol::tcp);
  wire::internet_sum sum = pseudo.sum(made.size());
  sum.add(made);
  store_be16(&made[16], sum.checksum());
  const std::uint8_t traffic_class = segment.mark ? segment.mark->bits : 0;
  return wrap(from.address, to.address, ip_protocol::tcp, traffic_class, made);
}

bytes make_udp(const endpoint& from, const endpoint& to, std::uint16_t size) {
  const bytes payload(size);
  bytes made(wire::udp_header::size());
  wire::udp_header{from.port, to.port}.emit(
      made, wire::pseudo_header(from.address, to.address, ip_protocol::udp),
      wire::internet_sum(payload));
  made.insert(made.end(), payload.begin(), payload.end());
  return wrap(from.address, to.address, ip_protocol::udp, 0, made);
}

namespace {

struct icmp_name {
  std::string_view type;
  std::string_view code;
  std::uint8_t type_number;
  std::uint8_t code_number;
};

constexpr std::array<icmp_name, 20> v4_names{{
    {"unreachable", "net_unreachable", 3, 0},
    {"unreachable", "host_unreachable", 3, 1},
    {"unreachable", "protocol_unreachable", 3, 2},
    {"unreachable", "port_unreachable", 3, 3},
    {"unreachable", "frag_needed", 3, 4},
    {"unreachable", "source_route_failed", 3, 5},
    {"unreachable", "net_unknown", 3, 6},
    {"unreachable", "host_unknown", 3, 7},
    {"unreachable", "source_host_isolated", 3, 8},
    {"unreachable", "net_prohibited", 3, 9},
    {"unreachable", "host_prohibited", 3, 10},
    {"unreachable", "net_unreachable_for_tos", 3, 11},
    {"unreachable", "host_unreachable_for_tos", 3, 12},
    {"unreachable", "packet_filtered", 3, 13},
    {"unreachable", "precedence_violation", 3, 14},
    {"unreachable", "precedence_cutoff", 3, 15},
    {"source_quench", "", 4, 0},
    {"time_exceeded", "exc_ttl", 11, 0},
    {"time_exceeded", "exc_fragtime", 11, 1},
    {"parameter_problem", "", 12, 0},
}};

constexpr std::array<icmp_name, 9> v6_names{{
    {"unreachable", "noroute", 1, 0},
    {"unreachable", "adm_prohibited", 1, 1},
    {"unreachable", "not_neighbour", 1, 2},
    {"unreachable", "addr_unreachable", 1, 3},
    {"unreachable", "port_unreachable", 1, 4},
    {"packet_too_big", "", 2, 0},
    {"time_exceeded", "exc_hoplimit", 3, 0},
    {"time_exceeded", "exc_fragtime", 3, 1},
    {"parameter_problem", "", 4, 0},
}};

icmp_name numbers_of(const icmp_packet& error, std::span<const icmp_name> names) {
  const auto found = std::ranges::find_if(names, [&](const icmp_name& each) {
    return each.type == error.type && each.code == error.code;
  });
  if (found == names.end()) throw unsupported("icmp " + error.type + " " + error.code);
  return *found;
}

}  // namespace

bool matches(const icmp_packet& expected, const live_packet& sent) {
  const bool is_v4 = sent.source.address.is_v4();
  const icmp_name wanted = is_v4 ? numbers_of(expected, v4_names) : numbers_of(expected, v6_names);
  if (!expected.quotes_udp && (expected.quoted_first != 0 || expected.quoted_size != 0)) {
    throw unsupported("ICMP errors of the host about segments");
  }
  return sent.protocol == (is_v4 ? ip_protocol::icmp : ip_protocol::icmpv6) &&
         sent.icmp_type == wanted.type_number && sent.icmp_code == wanted.code_number &&
         sent.icmp_mtu == expected.mtu &&
         (!expected.quotes_udp || sent.quoted_udp == expected.quoted_size);
}

bytes make_icmp(const icmp_packet& error, const endpoint& from, const endpoint& to,
                std::uint32_t quoted_sequence) {
  bytes quoted(8);
  store_be16(quoted.data(), from.port);
  store_be16(&quoted[2], to.port);
  if (error.quotes_udp) {
    store_be16(&quoted[4], static_cast<std::uint16_t>(8 + error.quoted_size));
  } else {
    store_be32(&quoted[4], quoted_sequence);
    quoted.resize(20);
    quoted[12] = std::byte{0x50};
  }
  const ip_protocol protocol = error.quotes_udp ? ip_protocol::udp : ip_protocol::tcp;
  const bytes about = wrap(from.address, to.address, protocol, 0, quoted, error.quoted_size);
  if (from.address.is_v4()) {
    const icmp_name numbers = numbers_of(error, v4_names);
    bytes made(wire::icmpv4_header::size());
    wire::icmpv4_header{wire::icmpv4_type{numbers.type_number}, numbers.code_number, error.mtu}
        .emit(made, wire::internet_sum(about));
    made.insert(made.end(), about.begin(), about.end());
    return wrap(to.address, from.address, ip_protocol::icmp, 0, made);
  }
  const icmp_name numbers = numbers_of(error, v6_names);
  bytes made(wire::icmpv6_header::size());
  wire::icmpv6_header{wire::icmpv6_type{numbers.type_number}, numbers.code_number, error.mtu}.emit(
      made, wire::pseudo_header(to.address, from.address, ip_protocol::icmpv6),
      wire::internet_sum(about));
  made.insert(made.end(), about.begin(), about.end());
  return wrap(to.address, from.address, ip_protocol::icmpv6, 0, made);
}

namespace {

std::string hexadecimal(const bytes& from) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string text;
  for (const std::byte each : from) {
    text += digits[std::to_integer<std::size_t>(each >> 4)];
    text += digits[std::to_integer<std::size_t>(each & std::byte{15})];
  }
  return text;
}

std::string text_of(const tcp_option& option) {
  const auto& numbers = option.numbers;
  const auto number = [&](std::size_t i) {
    return i < numbers.size() ? std::to_string(numbers[i]) : std::string("?");
  };
  switch (option.what) {
    case kind::end_of_list:
      return "eol";
    case kind::no_operation:
      return "nop";
    case kind::maximum_segment_size:
      return "mss " + number(0);
    case kind::window_scale:
      return "wscale " + number(0);
    case kind::sack_permitted:
      return "sackOK";
    case kind::timestamps:
      return "TS val " + number(0) + " ecr " + number(1);
    case kind::sack: {
      std::string text = "sack";
      for (std::size_t i = 0; i < numbers.size(); i += 2)
        text += " " + number(i) + ":" + number(i + 1);
      return text;
    }
    case kind::fast_open:
      return "FO " + hexadecimal(option.bytes);
    case kind::experimental:
      return "FOEXP " + hexadecimal(option.bytes);
    case kind::md5:
    case kind::user_timeout:
      break;
  }
  return "option " + std::to_string(static_cast<unsigned>(option.what));
}

}  // namespace

std::string to_string(const icmp_packet& message) {
  std::string text = "icmp " + message.type;
  if (!message.code.empty()) text += " " + message.code;
  if (message.mtu != 0) text += " mtu " + std::to_string(message.mtu);
  if (message.quotes_udp) text += " [udp (" + std::to_string(message.quoted_size) + ")]";
  return text;
}

std::string to_string(const tcp_packet& segment) {
  std::string text;
  if (segment.mark) text += "[ecn " + std::to_string(segment.mark->bits & 3) + "] ";
  const std::size_t before = text.size();
  for (const auto& [letter, flag] : flag_letters) {
    if (segment.flags.has(flag)) text += letter;
  }
  if (text.size() == before) text += '-';
  text += " " + std::to_string(segment.first) + ":" + std::to_string(segment.first + segment.size) +
          "(" + std::to_string(segment.size) + ")";
  if (segment.flags.has(wire::tcp_ack)) text += " ack " + std::to_string(segment.acknowledgment);
  if (segment.window) text += " win " + std::to_string(*segment.window);
  if (!segment.options) return text + " <...>";
  if (segment.options->empty()) return text;
  text += " <";
  for (const tcp_option& each : *segment.options) {
    if (text.back() != '<') text += ',';
    text += text_of(each);
  }
  return text + ">";
}

}  // namespace pentad::packet_scripts
