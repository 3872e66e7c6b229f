/// TCP behind a core: whatever several correspondents send, relative to what the stack has sent to
/// them, and whatever its program does at the same time, the stack keeps its promises (its numbers
/// and windows never go back, what it sends is what was written and fits the window, what is read
/// is what was sent), holds no more memory than its bounds allow, gives everything back, and serves
/// an honest client afterwards. `tcp_script.hpp` has the language of the cases.

#include <array>
#include <cstddef>
#include <cstdint>
#include <set>
#include <string_view>

#include "pentad/stack/native/core/core.hpp"
#include "pentad/stack/native/core/tcp/tcp.hpp"
#include "pentad/wire/arp.hpp"
#include "pentad/wire/ndp.hpp"
#include "tests/fuzz/tcp_correspondent.hpp"

namespace {

using namespace std::chrono_literals;
using namespace pentad;
using fuzz::correspondent;
using fuzz::require;
using fuzz::script_line;
using fuzz::scripted_segment;
using fuzz::stream_byte;

constexpr mac_address our_mac{2, 0, 0, 0, 0, 1};
constexpr mac_address peer_mac{2, 0, 0, 0, 0, 2};
constexpr std::uint16_t service = 80;
constexpr std::size_t most_connections = 16;
constexpr std::size_t buffer_size = 16384;

ip_address host_address(ip_version version, std::uint8_t number) {
  if (version == ip_version::v4) return ip_address::v4(10, 0, 0, number);
  std::array<std::byte, 16> bytes{std::byte{0x20}, std::byte{0x01}, std::byte{0x0d},
                                  std::byte{0xb8}};
  bytes[15] = std::byte{number};
  return ip_address::v6(bytes);
}

/// What the first line of a case may choose.
struct variant {
  explicit variant(std::string_view letters) {
    for (const char each : letters) {
      if (each == 'T') tcp.timestamps = false;
      if (each == 'P') packets.packets = 12;
      if (each == 'O') offload = true;
      if (each == 'B') tcp.receive_buffer = 256 * 1024;
      if (each == 'S') tcp.send_memory = 2 * native::block_pool::block_size;
    }
  }

  native::tcp_settings tcp{.send_buffer = buffer_size,
                           .most_send_buffer = buffer_size,
                           .receive_buffer = buffer_size,
                           .most_receive_buffer = buffer_size,
                           .most_connections = most_connections,
                           .most_half_open = 4};
  packet_pool_limits packets{.packets = 4096, .bytes = std::size_t{16} << 20};
  bool offload = false;
};

native::core_settings without_probes() {
  native::core_settings settings;
  settings.seed = 1;
  settings.duplicates.solicitations = 0;
  return settings;
}

class session {
 public:
  explicit session(const variant& how)
      : pool_(how.packets),
        host_(without_probes(), pool_),
        tcp_(host_.network(), pool_, host_.timers(), how.tcp, 1),
        most_memory_(how.tcp.send_buffer + 6 * how.tcp.receive_buffer +
                     2 * packet_pool::large_buffer) {
    host_.attach(ip_protocol::tcp, tcp_, &tcp_);
    native::interface_settings nic;
    nic.mac = our_mac;
    nic.addresses = {{host_address(ip_version::v4, 1), 24}, {host_address(ip_version::v6, 1), 64}};
    if (how.offload) nic.offloads = {true, true, true, 65535};
    host_.add_interface(nic, now_);
    listen();
    for (std::uint16_t i = 0; i < 6; ++i) {
      const ip_version version = i == 2 || i == 3 || i == 5 ? ip_version::v6 : ip_version::v4;
      const auto local_port = static_cast<std::uint16_t>(i < 4 ? service : 0);
      others_[i].tuple = {ip_protocol::tcp,
                          {host_address(version, 1), local_port},
                          {host_address(version, 2), static_cast<std::uint16_t>(1000 + i)}};
    }
  }

  void take(std::string_view text) {
    script_line line(text);
    const char what = line.letter();
    if (what >= '0' && what <= '5') {
      segment(others_[static_cast<std::size_t>(what - '0')], scripted_segment::parse(line));
    } else if (what == 'T') {
      pass(line.number_within(0, 300'000) * 1ms);
    } else if (what == 'L') {
      relisten();
    } else if (what == 'B') {
      accepting_ = !accepting_;
    } else if (what == '@') {
      hear(std::as_bytes(std::span(line.rest())), std::nullopt, true);
    } else if (what == 'I') {
      icmp_error(line);
    } else if (what == 'C') {
      correspondent& to = others_[4 + line.correspondent() % 2];
      connect(to, line.letter() == 'f');
    } else {
      program(what, line);
    }
    settle();
  }

  /// Everything ends, everything is given back, and an honest client is served.
  void finish() {
    for (correspondent& each : others_) release(each, false);
    if (listener_ != nullptr) std::exchange(listener_, nullptr)->close();
    settle();
    pass(1h);
    require(tcp_.size() == 0 && tcp_.send_memory() == 0);
    require(pool_.counters().packets_in_use == 0);
    listen();
    serve_an_honest_client();
    require(tcp_.counters().segments_received >= delivered_);
  }

 private:
  void listen() {
    const endpoint everywhere(ip_address::any(ip_version::v6), service);
    listener_ = tcp_.listen(everywhere, false, 2, false, now_).value();
    listener_->set_fast_open(2);
  }

  void relisten() {
    if (listener_ == nullptr) return listen();
    std::exchange(listener_, nullptr)->close();
  }

  void connect(correspondent& to, bool fast_open) {
    if (to.program != nullptr) return;
    const endpoint from(ip_address::any(to.tuple.remote.address.version()), to.tuple.local.port);
    const auto made = tcp_.connect(from, to.tuple.remote, now_, fast_open);
    if (!made) return;
    to.tuple = (*made)->tuple;
    to.attach(**made);
  }

  void program(char what, script_line& line) {
    correspondent& with = others_[line.correspondent()];
    native::connection* const held = with.program;
    if (held == nullptr) return;
    switch (what) {
      case 'W':
        return write(with, static_cast<std::uint32_t>(line.number_within(0, 100'000)));
      case 'G':
        return read(with, static_cast<std::size_t>(line.number_within(0, 100'000)));
      case 'P':
        if (const packet lent = held->take()) with.check_read(lent.bytes());
        return;
      case 'F':
        return held->shutdown_send();
      case 'H':
        return held->shutdown_receive();
      case 'D':
        return release(with, false);
      case 'Z':
        return release(with, true);
      case 'K':
        return held->set_keep_alive({line.number_within(0, 600) * 1s, 1s, 3});
      case 'U':
        return held->set_user_timeout(line.number_within(0, 600'000) * 1ms);
      case 'N':
        return held->set_no_delay(line.number() != 0);
      case 'M':
        held->set_receive_buffer(static_cast<std::size_t>(line.number_within(1, buffer_size)));
        return;
      default:
        return;
    }
  }

  void write(correspondent& with, std::uint32_t count) {
    std::vector<std::byte> bytes(count);
    for (std::uint32_t i = 0; i < count; ++i) bytes[i] = stream_byte(with.written + i);
    const std::size_t room = with.program->writable();
    const std::size_t taken = with.program->write(bytes);
    require(taken <= room);
    with.written += static_cast<std::uint32_t>(taken);
  }

  void read(correspondent& with, std::size_t most) {
    std::vector<std::byte> bytes(most);
    const std::size_t expected = std::min(most, with.program->readable());
    const std::size_t count = with.program->read(bytes);
    require(count == expected);
    with.check_read(std::span(bytes).first(count));
  }

  void release(correspondent& with, bool reset) {
    if (with.program != nullptr) std::exchange(with.program, nullptr)->release(reset);
  }

  // Frames to the stack.

  void segment(correspondent& from, const scripted_segment& wanted) {
    if (!from.exists()) return;
    const auto clock = static_cast<std::uint32_t>(now_.time_since_epoch() / 1ms);
    wire::tcp_header header = from.answer(wanted, clock);
    if (wanted.cookie) header.options.fast_open = cookie_of(from, *wanted.cookie);
    const wire::tcp_sequence first =
        header.flags.has(wire::tcp_syn) ? header.sequence + 1 : header.sequence;
    for (unsigned i = 0; i < wanted.times; ++i) {
      send(from.tuple, header, from.payload(first, wanted.size), wanted.wrong_checksum);
      settle();
    }
  }

  // A bad one is a good one of somebody else.
  wire::tcp_fast_open_cookie cookie_of(const correspondent& from, std::int32_t kind) const {
    if (kind == 0) return {};
    const five_tuple& tuple = from.tuple;
    return tcp_.fast_open_cookie(kind == 1 ? tuple.remote.address : tuple.local.address);
  }

  void send(const five_tuple& tuple, const wire::tcp_header& header,
            const std::vector<std::byte>& payload, bool wrong_checksum) {
    std::vector<std::byte> bytes(header.size());
    const wire::pseudo_header pseudo(tuple.remote.address, tuple.local.address, ip_protocol::tcp);
    header.emit(bytes, pseudo, wire::internet_sum{payload});
    if (wrong_checksum) bytes[16] ^= std::byte{1};
    bytes.insert(bytes.end(), payload.begin(), payload.end());
    if (hear_ip(tuple.remote.address, tuple.local.address, ip_protocol::tcp, bytes)) ++delivered_;
  }

  void icmp_error(script_line& line) {
    correspondent& about = others_[line.correspondent()];
    const int kind = line.number_within(0, 4);
    const auto mtu = static_cast<std::uint16_t>(line.number(1280));
    const auto sequence = about.answered() + static_cast<std::uint32_t>(line.number());
    std::vector<std::byte> quoted(wire::tcp_header::least_size);
    wire::tcp_header header;
    header.source_port = about.tuple.local.port;
    header.destination_port = about.tuple.remote.port;
    header.sequence = sequence;
    const ip_address us = about.tuple.local.address;
    const ip_address peer = about.tuple.remote.address;
    header.emit(quoted, wire::pseudo_header(us, peer, ip_protocol::tcp), {});
    quoted.resize(1460);
    quoted = in_ip(us, peer, ip_protocol::tcp, quoted);
    std::vector<std::byte> bytes(8);
    if (us.is_v4()) {
      const auto error =
          kind == 0
              ? wire::icmpv4_header::fragmentation_needed(mtu)
              : wire::icmpv4_header::unreachable(static_cast<wire::icmpv4_unreachable>(kind - 1));
      error.emit(bytes, wire::internet_sum{quoted});
    } else {
      const auto error =
          kind == 0 ? wire::icmpv6_header::packet_too_big(mtu)
                    : wire::icmpv6_header::unreachable(static_cast<wire::icmpv6_unreachable>(kind));
      error.emit(bytes, wire::pseudo_header(peer, us, ip_protocol::icmpv6),
                 wire::internet_sum{quoted});
    }
    bytes.insert(bytes.end(), quoted.begin(), quoted.end());
    hear_ip(peer, us, us.is_v4() ? ip_protocol::icmp : ip_protocol::icmpv6, bytes);
  }

  static std::vector<std::byte> in_ip(const ip_address& from, const ip_address& to,
                                      ip_protocol protocol, std::span<const std::byte> payload,
                                      std::uint8_t hop_limit = 64) {
    std::vector<std::byte> made(from.is_v4() ? wire::ipv4_header::size()
                                             : wire::ipv6_header::size());
    if (from.is_v4()) {
      wire::ipv4_header header{.source = from, .destination = to, .protocol = protocol};
      header.payload_size = static_cast<std::uint16_t>(payload.size());
      header.emit(made);
    } else {
      wire::ipv6_header header{.source = from, .destination = to, .next_header = protocol};
      header.payload_size = static_cast<std::uint16_t>(payload.size());
      header.hop_limit = hop_limit;
      header.emit(made);
    }
    made.insert(made.end(), payload.begin(), payload.end());
    return made;
  }

  bool hear_ip(const ip_address& from, const ip_address& to, ip_protocol protocol,
               std::span<const std::byte> payload, std::uint8_t hop_limit = 64) {
    return hear(in_ip(from, to, protocol, payload, hop_limit),
                from.is_v4() ? wire::ethertype::ipv4 : wire::ethertype::ipv6, false);
  }

  // False when there is no packet left to hear in.
  bool hear(std::span<const std::byte> content, std::optional<wire::ethertype> type,
            bool checksum_is_known_good) {
    packet frame = pool_.take(content.size());
    if (!frame) return false;
    frame.append(content);
    if (type) {
      wire::ethernet_header{our_mac, peer_mac, *type}.emit(
          frame.prepend(wire::ethernet_header::size()));
    }
    if (checksum_is_known_good) {
      packet_offload offload;
      offload.checksum = checksum_state::verified;
      frame.set_offload(offload);
    }
    remember_who_is_there();
    host_.input(1, std::move(frame), now_);
    return true;
  }

  // Time, and frames from the stack.

  void pass(duration how_long) {
    const instant end = now_ + how_long;
    while (host_.next_deadline() <= end) {
      now_ = std::max(now_, host_.next_deadline());
      settle();
    }
    now_ = end;
    settle();
  }

  void settle() {
    if (!host_.waits_for_neighbours()) was_there_ = {};
    remember_who_is_there();
    host_.advance(now_);
    drain();
    accept();
    while (tcp_.next_connection_event() != nullptr) {
    }
    while (tcp_.next_listener_event() != nullptr) {
    }
    drain();
    check();
  }

  void accept() {
    while (accepting_ && listener_ != nullptr) {
      native::connection* const made = listener_->accept();
      if (made == nullptr) return;
      const auto with = std::ranges::find(others_, made->tuple, &correspondent::tuple);
      require(with != others_.end());
      release(*with, true);  // what is there has failed, for its tuple is in use again
      with->attach(*made);
    }
  }

  void check() {
    for (correspondent& each : others_) {
      each.check(most_memory_);
      if (each.program == nullptr) continue;
      const bool is_over = each.program->state() == native::tcp_state::closed;
      require(is_over == (tcp_.find(each.tuple) != each.program));
    }
    require(tcp_.size() <= most_connections);
    require(tcp_.send_memory() <= tcp_.settings().send_memory);
    const native::tcp_counters& counters = tcp_.counters();
    require(counters.segments_retransmitted <= counters.segments_sent);
    require(counters.resets_sent <= counters.segments_sent + counters.out_of_packets);
  }

  bool knows(const five_tuple& tuple) const {
    return tcp_.find(tuple) != nullptr || tcp_.find_half_open(tuple) != nullptr;
  }

  // A segment may wait for its neighbour longer than its connection lives.
  void remember_who_is_there() {
    for (std::size_t i = 0; i < others_.size(); ++i) was_there_[i] |= knows(others_[i].tuple);
  }

  void drain() {
    std::array<packet, 8> frames;
    while (const std::size_t given = host_.output(1, frames, now_)) {
      for (packet& each : std::span(frames).first(given)) {
        hears(std::as_const(each));
        each = {};
      }
    }
  }

  void hears(const packet& sent) {
    const auto frame = wire::ethernet_view::parse(sent.bytes());
    require(frame && frame->source() == our_mac);
    const bool whole_checksum = sent.offload().checksum != checksum_state::partial;
    if (frame->type() == wire::ethertype::arp) {
      return answer_arp(wire::arp_view::parse(frame->payload()).value().packet());
    }
    if (frame->type() == wire::ethertype::ipv4) {
      const auto view = wire::ipv4_view::parse(frame->payload());
      require(view.has_value());
      if (view->protocol() != ip_protocol::tcp) return;
      return hears_segment(view->source(), view->destination(), view->payload(), whole_checksum);
    }
    const auto view = wire::ipv6_view::parse(frame->payload());
    require(view.has_value());
    if (view->next_header() == ip_protocol::icmpv6) {
      return answer_solicitation(*view);
    }
    if (view->next_header() != ip_protocol::tcp) return;  // what it tells routers of its groups
    hears_segment(view->source(), view->destination(), view->payload(), whole_checksum);
  }

  void hears_segment(const ip_address& from, const ip_address& to, std::span<const std::byte> bytes,
                     bool whole_checksum) {
    const auto view = wire::tcp_view::parse(
        bytes, wire::pseudo_header(from, to, ip_protocol::tcp),
        whole_checksum ? wire::checksum_check::verify : wire::checksum_check::skip);
    require(view.has_value());
    const five_tuple tuple{
        ip_protocol::tcp, {from, view->source_port()}, {to, view->destination_port()}};
    const auto with = std::ranges::find(others_, tuple, &correspondent::tuple);
    if (with == others_.end()) {
      to_honest_client_ = view->header();
      to_honest_client_size_ = view->payload().size();
      return;
    }
    const auto index = static_cast<std::size_t>(with - others_.begin());
    // Beside resets only a cookie comes from nobody.
    constexpr wire::tcp_flags bare_answer = wire::tcp_syn | wire::tcp_ack;
    const bool is_bare = view->flags().has(wire::tcp_rst) || view->flags() == bare_answer;
    require(is_bare || was_there_[index] || knows(tuple));
    with->hears(*view);
  }

  void answer_arp(const wire::arp_packet& asked) {
    if (asked.operation != wire::arp_operation::request) return;
    std::vector<std::byte> bytes(wire::arp_packet::size());
    wire::arp_packet{wire::arp_operation::reply, peer_mac, asked.target_ip, our_mac,
                     asked.sender_ip}
        .emit(bytes);
    hear(bytes, wire::ethertype::arp, false);
  }

  void answer_solicitation(const wire::ipv6_view& view) {
    const wire::pseudo_header asked(view.source(), view.destination(), ip_protocol::icmpv6);
    const auto message = wire::icmpv6_view::parse(view.payload(), asked).value();
    if (message.type() != wire::icmpv6_type::neighbor_solicitation) return;
    const auto question = wire::neighbor_solicitation::parse(
        message, {view.source(), view.destination(), view.hop_limit(), false});
    require(question.has_value());
    const wire::neighbor_advertisement answer{.target = question->target,
                                              .router = false,
                                              .solicited = true,
                                              .override_cached = true,
                                              .target_link_layer = peer_mac};
    std::vector<std::byte> bytes(answer.size());
    answer.emit(bytes, wire::pseudo_header(question->target, view.source(), ip_protocol::icmpv6));
    hear_ip(question->target, view.source(), ip_protocol::icmpv6, bytes, wire::ndp_hop_limit);
  }

  // A client of the service that does what it should.
  void serve_an_honest_client() {
    const five_tuple tuple{ip_protocol::tcp,
                           {host_address(ip_version::v4, 1), service},
                           {host_address(ip_version::v4, 9), 2000}};
    const auto speaks = [&](wire::tcp_flags flags, std::uint32_t sequence, std::uint32_t size) {
      wire::tcp_header header;
      header.source_port = tuple.remote.port;
      header.destination_port = tuple.local.port;
      header.flags = flags;
      header.sequence = wire::tcp_sequence(sequence);
      header.acknowledgment = to_honest_client_.sequence +
                              static_cast<std::uint32_t>(to_honest_client_size_) +
                              (to_honest_client_.flags.has(wire::tcp_syn) ? 1U : 0U);
      header.window = 65535;
      send(tuple, header, std::vector<std::byte>(size, std::byte{7}), false);
      settle_client();
    };
    speaks(wire::tcp_syn, 1000, 0);
    require(to_honest_client_.flags == (wire::tcp_syn | wire::tcp_ack));
    require(to_honest_client_.acknowledgment == wire::tcp_sequence(1001));
    speaks(wire::tcp_ack, 1001, 500);
    native::connection* const made = listener_->accept();
    require(made != nullptr && made->readable() == 500);
    std::array<std::byte, 600> bytes;
    require(made->read(bytes) == 500 && bytes[0] == std::byte{7} && bytes[499] == std::byte{7});
    require(made->write(std::span(bytes).first(500)) == 500);
    settle_client();
    require(to_honest_client_size_ == 500);
    require(to_honest_client_.acknowledgment == wire::tcp_sequence(1501));
    speaks(wire::tcp_ack, 1501, 0);
    require(made->bytes_acknowledged() == 500);
    made->release(true);
    settle_client();
    require(tcp_.size() == 0);
  }

  void settle_client() {
    host_.advance(now_);
    drain();
  }

  packet_pool pool_;
  native::core host_;
  native::tcp tcp_;
  std::size_t most_memory_;
  instant now_{1s};
  native::listener* listener_ = nullptr;
  bool accepting_ = true;
  std::uint64_t delivered_ = 0;
  std::array<correspondent, 6> others_;
  std::array<bool, 6> was_there_{};
  wire::tcp_header to_honest_client_;
  std::size_t to_honest_client_size_ = 0;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view rest(reinterpret_cast<const char*>(data), size);
  const auto next_line = [&rest] {
    const std::size_t length = std::min(rest.find('\n'), rest.size());
    const std::string_view line = rest.substr(0, length);
    rest.remove_prefix(std::min(length + 1, rest.size()));
    return line;
  };
  const bool has_variant = rest.starts_with('!');
  session one{variant(has_variant ? next_line() : std::string_view())};
  while (!rest.empty()) one.take(next_line());
  one.finish();
  return 0;
}
