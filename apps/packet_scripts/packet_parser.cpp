#include "apps/packet_scripts/packet_parser.hpp"

#include <array>
#include <charconv>
#include <tuple>
#include <utility>

#include "apps/packet_scripts/flag_letters.hpp"

namespace pentad::packet_scripts {
namespace {

constexpr std::array<std::pair<std::string_view, wire::ip_ecn>, 4> marks{
    {{"noecn", wire::ip_ecn::not_capable},
     {"ect0", wire::ip_ecn::capable_0},
     {"ect1", wire::ip_ecn::capable_1},
     {"ce", wire::ip_ecn::congestion_experienced}}};

class packet_parser {
 public:
  explicit packet_parser(token_reader& from) : from_(from) {}

  packet_event packet() {
    packet_event read;
    read.is_sent = from_.take().text == ">";
    const position at = from_.peek().at;
    const std::optional<traffic_class_mark> mark = ip_information();
    for (const std::string_view wrapper : {"ipv4", "ipv6", "gre", "GREv0", "mpls", "psp"}) {
      if (from_.at_word(wrapper)) {
        throw unsupported("packets in packets (" + std::string(wrapper) + ")");
      }
    }
    if (from_.skip_word("udp")) {
      read.packet = udp();
    } else if (from_.skip_word("icmp")) {
      read.packet = icmp();
    } else {
      tcp_packet segment = tcp();
      segment.mark = mark;
      if (!read.is_sent && !segment.options) {
        throw malformed(at, "'<...>' says nothing of a packet that arrives");
      }
      read.packet = std::move(segment);
    }
    return read;
  }

 private:
  // `[ect0]`, `(tos 0x20)`.
  std::optional<traffic_class_mark> ip_information() {
    const char end = from_.at_mark('[') ? ']' : ')';
    if (!from_.skip_mark('[') && !from_.skip_mark('(')) return std::nullopt;
    const token what = from_.expect(token::kind::word, "what is known of the IP header");
    traffic_class_mark read;
    if (what.text == "flowlabel" || what.text == "ttl") {
      throw unsupported("'" + std::string(what.text) + "' of packets");
    }
    if (what.text == "ect01") {
      read.what = traffic_class_mark::kind::any_capable;
    } else if (what.text == "tos") {
      read.what = traffic_class_mark::kind::whole;
      read.bits = static_cast<std::uint8_t>(from_.number(UINT8_MAX, "a traffic class"));
    } else {
      read.bits = static_cast<std::uint8_t>(mark_of(what));
    }
    if (from_.at_mark(',')) throw unsupported("flow labels of packets");
    from_.expect_mark(end);
    return read;
  }

  static wire::ip_ecn mark_of(const token& what) {
    for (const auto& [name, mark] : marks) {
      if (what.text == name) return mark;
    }
    throw malformed(what.at, "'" + std::string(what.text) + "' is no mark of IP");
  }

  std::optional<port_pair> ports() {
    if (!from_.peek().is(token::kind::integer) || !from_.peek_after().is(token::kind::mark, ">")) {
      return std::nullopt;
    }
    const std::uint16_t source = from_.number16("a port");
    from_.expect_mark('>');
    return port_pair{source, from_.number16("a port")};
  }

  udp_packet udp() {
    udp_packet read;
    read.ports = ports();
    read.size = parenthesized_size();
    return read;
  }

  std::uint16_t parenthesized_size() {
    from_.expect_mark('(');
    const std::uint16_t size = from_.number16("a number of bytes");
    from_.expect_mark(')');
    return size;
  }

  icmp_packet icmp() {
    icmp_packet read;
    read.type = from_.expect(token::kind::word, "the type of an ICMP message").text;
    if (from_.peek().is(token::kind::word) && !from_.at_word("mtu") && !from_.at_word("id")) {
      read.code = from_.take().text;
    }
    if (from_.skip_word("mtu")) read.mtu = from_.number32("an MTU");
    if (from_.at_word("id")) throw unsupported("ICMP echoes");
    if (!from_.skip_mark('[')) return read;
    if (from_.skip_word("udp")) {
      read.quotes_udp = true;
      read.quoted_size = parenthesized_size();
    } else if (from_.at_word("raw")) {
      throw unsupported("ICMP errors about raw packets");
    } else {
      std::tie(read.quoted_first, read.quoted_size) = sequence();
    }
    from_.expect_mark(']');
    return read;
  }

  // `1:1001(1000)`
  std::pair<std::uint32_t, std::uint16_t> sequence() {
    const position at = from_.peek().at;
    const std::uint32_t first = from_.number32("a sequence number");
    from_.expect_mark(':');
    const std::uint32_t end = from_.number32("a sequence number");
    const std::uint16_t size = parenthesized_size();
    if (first + size != end) throw malformed(at, "the sequence numbers and the size differ");
    return {first, size};
  }

  tcp_packet tcp() {
    tcp_packet read;
    read.ports = ports();
    read.flags = flags();
    std::tie(read.first, read.size) = sequence();
    if (from_.skip_word("ack")) read.acknowledgment = from_.number32("an acknowledgement");
    if (from_.skip_word("win")) read.window = from_.number16("a window");
    if (from_.skip_word("urg")) read.urgent_pointer = from_.number16("an urgent pointer");
    read.options = options();
    if (from_.at_mark('{')) throw unsupported("packets that are made bad by rules");
    return read;
  }

  wire::tcp_flags flags() {
    if (from_.skip_mark('-')) return {};
    const token first = from_.peek();
    if (first.is(token::kind::decimal)) throw unsupported("AccECN (RFC 9768)");
    wire::tcp_flags read;
    if (first.is(token::kind::word)) {
      for (const char c : from_.take().text) read |= flag_of(c, first.at);
      if (from_.peek().is(token::kind::decimal)) throw unsupported("AccECN (RFC 9768)");
    } else if (!from_.at_mark('.')) {
      from_.fail("the flags of a segment");
    }
    if (from_.skip_mark('.')) read |= wire::tcp_ack;
    return read;
  }

  static wire::tcp_flags flag_of(char c, position at) {
    for (const auto& [letter, flag] : flag_letters) {
      if (letter == c) return flag;
    }
    if (c == 'A' || (c >= '0' && c <= '7')) throw unsupported("AccECN (RFC 9768)");
    throw malformed(at, std::string("'") + c + "' is no flag of a segment");
  }

  std::optional<std::vector<tcp_option>> options() {
    std::vector<tcp_option> read;
    if (!from_.skip_mark('<')) return read;
    if (from_.peek().is(token::kind::ellipsis)) {
      from_.take();
      from_.expect_mark('>');
      return std::nullopt;
    }
    do {
      read.push_back(option());
    } while (from_.skip_mark(','));
    from_.expect_mark('>');
    return read;
  }

  tcp_option option() {
    using kind = tcp_option::kind;
    const token name = from_.expect(token::kind::word, "an option of TCP");
    if (name.text == "nop") return {kind::no_operation, {}, {}};
    if (name.text == "eol") return {kind::end_of_list, {}, {}};
    if (name.text == "sackOK") return {kind::sack_permitted, {}, {}};
    if (name.text == "mss") return {kind::maximum_segment_size, {from_.number16("an MSS")}, {}};
    if (name.text == "wscale") {
      return {kind::window_scale, {from_.number32("a window scale") & 0xff}, {}};
    }
    if (name.text == "sack") return blocks();
    if (name.text == "TS") return timestamps();
    if (name.text == "FO") return fast_open(kind::fast_open);
    if (name.text == "FOEXP") return fast_open(kind::experimental);
    if (name.text == "md5") throw unsupported("MD5 signatures (RFC 2385)");
    if (name.text == "ECN" || name.text.starts_with("ECN_")) {
      throw unsupported("AccECN (RFC 9768)");
    }
    throw malformed(name.at, "'" + std::string(name.text) + "' is no option of TCP");
  }

  tcp_option blocks() {
    tcp_option read{tcp_option::kind::sack, {}, {}};
    while (from_.peek().is(token::kind::integer)) {
      read.numbers.push_back(from_.number32("the edge of a block"));
      from_.expect_mark(':');
      read.numbers.push_back(from_.number32("the edge of a block"));
    }
    if (read.numbers.empty() || read.numbers.size() > 8) from_.fail("one to four blocks");
    return read;
  }

  tcp_option timestamps() {
    from_.expect_word("val");
    const std::uint32_t value = from_.number32("a timestamp");
    from_.expect_word("ecr");
    return {tcp_option::kind::timestamps, {value, from_.number32("a timestamp")}, {}};
  }

  tcp_option fast_open(tcp_option::kind what) {
    if (from_.skip_word("TFO_COOKIE")) return {what, {}, {}, true};
    return {what, {}, cookie()};
  }

  std::vector<std::byte> cookie() {
    std::vector<std::byte> bytes;
    if (!from_.peek().is(token::kind::word) && !from_.peek().is(token::kind::integer)) return bytes;
    const token read = from_.take();
    constexpr std::size_t most = 32;  // what an option has room for
    if (read.text.size() % 2 != 0 || read.text.size() > 2 * most) {
      throw malformed(read.at, "a cookie has two hexadecimal digits for each byte");
    }
    for (std::size_t i = 0; i < read.text.size(); i += 2) {
      unsigned value = 0;
      const char* const end = read.text.data() + i + 2;
      const auto [stopped, error] = std::from_chars(read.text.data() + i, end, value, 16);
      if (error != std::errc{} || stopped != end) {
        throw malformed(read.at, "a cookie has hexadecimal digits only");
      }
      bytes.push_back(static_cast<std::byte>(value));
    }
    return bytes;
  }

  token_reader& from_;
};

}  // namespace

packet_event parse_packet(token_reader& from) { return packet_parser(from).packet(); }

}  // namespace pentad::packet_scripts
