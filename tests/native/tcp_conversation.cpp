#include "tests/native/tcp_conversation.hpp"

#include <algorithm>
#include <string>

#include "tests/native/arrival.hpp"

namespace pentad::native::test {
namespace {

constexpr std::uint32_t peer_syn = 0xffff'fe00;
constexpr std::uint32_t our_syn = 0xffff'ff00;

constexpr duration round_trip = 100ms;

// What either end sends as its n-th byte.
std::byte byte_at(std::size_t index) { return static_cast<std::byte>(index * 31 >> 4); }

std::vector<std::byte> bytes_from(std::size_t index, std::size_t count) {
  std::vector<std::byte> bytes(count);
  for (std::size_t i = 0; i < count; ++i) bytes[i] = byte_at(index + i);
  return bytes;
}

wire::tcp_sack_blocks shifted(const wire::tcp_sack_blocks& blocks, std::uint32_t by) {
  wire::tcp_sack_blocks moved;
  for (const auto& [begin, end] : blocks) moved.add({begin + by, end + by});
  return moved;
}

}  // namespace

tcp_conversation::tcp_conversation() {
  settings.timestamps = false;
  settings.invalid_interval = 0s;
  settings.most_send_buffer = settings.most_receive_buffer = 0;  // no tuning
}

tcp_conversation::~tcp_conversation() {
  if (us != nullptr) us->release(true);
  tcp_.reset();
  EXPECT_EQ(packets.counters().packets_in_use, 0U) << "packets are lost";
}

tcp& tcp_conversation::host() {
  if (!tcp_) begin_near_the_end_of_the_numbers();
  return *tcp_;
}

// The number of our SYN is a clock and a secret: asked once, it tells how late it must be.
void tcp_conversation::begin_near_the_end_of_the_numbers() {
  network_layer& network = *this;
  {
    tcp_.emplace(network, packets, timers, settings, 1);
    connection* asked =
        *tcp_->connect(endpoint(our_address, our_port), endpoint(peer_address, peer_port), now);
    run();
    asked->release(true);
  }
  const std::uint32_t missing = our_syn - *conversations_[peer_port].ours;
  now += duration(64) * missing;
  conversations_.clear();
  sent_.clear();
  tcp_.emplace(network, packets, timers, settings, 1);
}

// What the program does.

void tcp_conversation::connects(bool fast_open) {
  const result<connection*> begun = host().connect(
      endpoint(our_address, our_port), endpoint(peer_address, peer_port), now, fast_open);
  ASSERT_TRUE(begun) << begun.error().message();
  us = *begun;
  run();
}

void tcp_conversation::listens(unsigned backlog) {
  const result<listener*> made =
      host().listen(endpoint(our_address, our_port), false, backlog, false, now);
  ASSERT_TRUE(made) << made.error().message();
  listening = *made;
}

void tcp_conversation::accepts() {
  us = listening->accept();
  ASSERT_NE(us, nullptr) << "nothing waits to be accepted";
}

void tcp_conversation::writes(std::size_t count) {
  EXPECT_EQ(us->write(bytes_from(written_, count)), count);
  written_ += count;
  run();
}

void tcp_conversation::reads(std::size_t count) {
  std::vector<std::byte> buffer(count);
  const std::size_t got = us->read(buffer);
  EXPECT_EQ(got, count);
  EXPECT_EQ(buffer, bytes_from(read_, count)) << "not what the peer has sent";
  read_ += got;
  run();
}

void tcp_conversation::release(bool reset) {
  std::exchange(us, nullptr)->release(reset);
  run();
}

void tcp_conversation::is_connected(std::string_view options, std::uint32_t window) {
  connects();
  says("S 0:0(0)");
  passes(round_trip);
  hears("S. 0:0(0) ack 1 win " + std::to_string(window) + " " + std::string(options));
  says(". 1:1(0) ack 1");
}

void tcp_conversation::is_accepted(std::string_view options, std::uint32_t window) {
  listens();
  hears("S 0:0(0) win " + std::to_string(window) + " " + std::string(options));
  says("S. 0:0(0) ack 1");
  passes(round_trip);
  hears(". 1:1(0) ack 1 win " + std::to_string(window));
  accepts();
}

// What passes on the wire.

packet tcp_conversation::heard(const segment_text& text, std::uint16_t from) {
  numbers& known = conversations_[from];
  const std::uint32_t first = text.first.value_or(known.peer_next);
  const bool takes_one = text.flags.has(wire::tcp_syn | wire::tcp_fin);
  known.peer_next = std::max(known.peer_next, first + text.size + (takes_one ? 1U : 0U));
  wire::tcp_header header{.source_port = from,
                          .destination_port = our_port,
                          .sequence = wire::tcp_sequence(peer_syn + first),
                          .acknowledgment = wire::tcp_sequence(0),
                          .flags = text.flags,
                          .window = static_cast<std::uint16_t>(text.window.value_or(65535)),
                          .urgent_pointer = 0,
                          .options = text.options.value_or(wire::tcp_options{})};
  if (text.acknowledgment) {
    header.acknowledgment = wire::tcp_sequence(known.ours.value_or(our_syn) + *text.acknowledgment);
  }
  header.options.sack = shifted(header.options.sack, known.ours.value_or(our_syn));
  const bool is_syn = text.flags.has(wire::tcp_syn);
  const std::vector<std::byte> payload = bytes_from(is_syn ? first : first - 1, text.size);
  packet made = packets.take(header.size() + payload.size());
  const std::span<std::byte> room = made.append(header.size());
  made.append(payload);
  const wire::pseudo_header pseudo(from_address, our_address, ip_protocol::tcp);
  header.emit(room, pseudo, wire::internet_sum(payload));
  return made;
}

void tcp_conversation::receive(packet segment, const segment_text& text) {
  incoming_packet arrived = arrival(std::move(segment), from_address, our_address);
  arrived.traffic_class = static_cast<std::uint8_t>(text.mark.value_or(wire::ip_ecn::not_capable));
  host().deliver(std::move(arrived), now);
  run();
}

void tcp_conversation::hears(std::string_view segment, std::uint16_t from) {
  const auto text = segment_text::parse(segment);
  receive(heard(text, from), text);
}

void tcp_conversation::hears_row(std::string_view first, std::size_t count) {
  const auto text = segment_text::parse(first);
  packet row = heard(text, peer_port);
  std::size_t at = *text.first - 1;
  for (std::size_t i = 1; i < count; ++i) {
    at += text.size;
    packet next = packets.take(text.size);
    next.append(std::span<const std::byte>(bytes_from(at, text.size)));
    row.follow(std::move(next));
  }
  receive(std::move(row), text);
}

void tcp_conversation::says(std::string_view segment, std::uint16_t to) {
  run();
  ASSERT_FALSE(sent_.empty()) << "nothing is said, and not: " << segment;
  const said next = std::move(sent_.front());
  sent_.pop_front();
  EXPECT_EQ(next.to, to);
  EXPECT_TRUE(segment_text::parse(segment).matches(next.text))
      << "expected " << segment << "\nwas said " << next.text.to_string();
  if (!next.payload.empty()) {
    const bool is_syn = next.text.flags.has(wire::tcp_syn);
    const std::size_t index = is_syn ? *next.text.first : *next.text.first - 1;
    EXPECT_EQ(next.payload, bytes_from(index, next.payload.size()))
        << "not what the program has written: " << next.text.to_string();
  }
}

wire::tcp_timestamps tcp_conversation::says_with_timestamps(std::string_view segment) {
  run();
  if (sent_.empty() || !sent_.front().text.options->timestamps) {
    ADD_FAILURE() << "no segment with timestamps, and not: " << segment;
    return {};
  }
  const wire::tcp_timestamps found = *sent_.front().text.options->timestamps;
  says(segment);
  return found;
}

segment_text tcp_conversation::says_what() {
  run();
  if (sent_.empty()) {
    ADD_FAILURE() << "nothing is said";
    return {};
  }
  const segment_text text = sent_.front().text;
  sent_.pop_front();
  return text;
}

std::vector<segment_text> tcp_conversation::says_all() {
  run();
  std::vector<segment_text> all;
  for (const said& each : sent_) all.push_back(each.text);
  sent_.clear();
  return all;
}

void tcp_conversation::says_nothing() {
  run();
  EXPECT_TRUE(sent_.empty()) << sent_.front().text.to_string();
}

void tcp_conversation::hears_icmp(path_error::kind what, std::uint32_t quoted,
                                  std::uint32_t lower) {
  std::array<std::byte, 8> transport{};
  store_be16(transport.data(), our_port);
  store_be16(&transport[2], peer_port);
  store_be32(&transport[4], *conversations_[peer_port].ours + quoted);
  host().failed({.what = what,
                 .mtu = lower,
                 .source = our_address,
                 .destination = peer_address,
                 .protocol = ip_protocol::tcp,
                 .transport = transport},
                now);
  run();
}

void tcp_conversation::passes(duration time) {
  const instant end = now + time;
  run();
  while (timers.first() <= end) {
    now = std::max(now, timers.first());
    run();
  }
  now = end;
  run();
}

void tcp_conversation::run() {
  tcp_->set_time(now);
  timers.expire(now);
  while (tcp_->has_output()) tcp_->produce(1, now);
}

result<path> tcp_conversation::find_path(const ip_address&, const ip_address&) {
  return path{.interface = 1,
              .source = our_address,
              .mtu = mtu,
              .link_mtu = 1500,
              .takes_rows = takes_rows};
}

void tcp_conversation::send(outgoing_packet&& sent, instant time) {
  packet_chain row = packet_chain::of_followers(sent.payload);
  const wire::pseudo_header pseudo(sent.source, sent.destination, ip_protocol::tcp);
  const auto view = wire::tcp_view::parse(std::as_const(sent.payload).bytes(), pseudo);
  ASSERT_TRUE(view) << "a malformed segment is sent";
  numbers& known = conversations_[view->destination_port()];
  const bool is_syn = view->flags().has(wire::tcp_syn);
  if (is_syn) known.ours = view->sequence().number();
  const std::uint32_t ours = known.ours.value_or(our_syn);
  segment_text text;
  text.flags = view->flags();
  text.mark = wire::ecn_of(sent.traffic_class);
  text.first = view->sequence().number() - ours;
  text.size = static_cast<std::uint32_t>(view->payload().size());
  if (view->flags().has(wire::tcp_ack)) {
    text.acknowledgment = view->acknowledgment().number() - peer_syn;
  }
  text.window = view->window();
  text.options = view->options();
  text.options->sack = shifted(text.options->sack, 0U - peer_syn);
  sent_.push_back({view->destination_port(), text,
                   std::vector<std::byte>(view->payload().begin(), view->payload().end())});
  while (packet next = row.pop()) {
    EXPECT_TRUE(takes_rows);
    sent.payload = std::move(next);
    send(std::move(sent), time);
  }
}

}  // namespace pentad::native::test
