#include "pentad/stack/native/host_stack/native_flows.hpp"

#include "pentad/stack/native/host_stack/native_datagram.hpp"
#include "pentad/stack/native/host_stack/native_stream.hpp"

namespace pentad::native {
namespace {

flow_state state_of(tcp_state state) noexcept {
  switch (state) {
    case tcp_state::syn_sent:
      return flow_state::syn_sent;
    case tcp_state::syn_received:
      return flow_state::syn_received;
    case tcp_state::established:
      return flow_state::established;
    case tcp_state::fin_wait_1:
      return flow_state::fin_wait_1;
    case tcp_state::fin_wait_2:
      return flow_state::fin_wait_2;
    case tcp_state::close_wait:
      return flow_state::close_wait;
    case tcp_state::closing:
      return flow_state::closing;
    case tcp_state::last_ack:
      return flow_state::last_ack;
    case tcp_state::closed:
      break;
  }
  return flow_state::closed;
}

flow flow_between(flow_kind kind, ip_protocol protocol, const endpoint& local) {
  flow made;
  made.kind = kind;
  made.protocol = protocol;
  made.local = local;
  made.stack = flow_stack::native;
  return made;
}

flow flow_of(const demultiplexed& found) {
  flow made = flow_between(flow_kind::stream, ip_protocol::tcp, found.tuple.local);
  made.remote = found.tuple.remote;
  switch (found.what) {
    case demultiplexed::kind::connection: {
      const auto& one = static_cast<const connection&>(found);
      made.state = state_of(one.state());
      made.info = info_of(one);
      if (one.user != nullptr) made.hops = static_cast<const native_stream*>(one.user)->hops();
      break;
    }
    case demultiplexed::kind::time_wait:
      made.state = flow_state::time_wait;
      break;
  }
  return made;
}

flow flow_of(const half_open& one) {
  const five_tuple tuple = one.tuple();
  flow made = flow_between(flow_kind::stream, ip_protocol::tcp, tuple.local);
  made.remote = tuple.remote;
  made.state = flow_state::syn_received;
  return made;
}

flow flow_of(const listener& one) {
  flow made = flow_between(flow_kind::stream, ip_protocol::tcp, one.local());
  made.state = flow_state::listen;
  made.waiting = one.waiting();
  made.backlog = one.backlog();
  return made;
}

flow flow_of(const datagram_port& one, flow_kind kind, ip_protocol protocol) {
  flow made = flow_between(kind, protocol, one.local());
  made.state = one.remote() ? flow_state::established : flow_state::unconnected;
  made.remote = one.remote();
  made.info.receive_queue = one.queued_memory();
  if (one.user != nullptr) made.hops = static_cast<const native_datagram*>(one.user)->hops();
  return made;
}

}  // namespace

stream_info info_of(const connection& one) {
  stream_info info;
  if (one.timeout().smoothed() != duration::zero()) {  // something was measured
    info.rtt = one.timeout().smoothed();
    info.rtt_variance = one.timeout().variance();
  }
  info.segment_size = one.segment_size();
  info.congestion_window = one.congestion().window();
  info.in_flight = one.in_flight();
  info.retransmits = one.retransmits();
  info.bytes_acknowledged = one.bytes_acknowledged();
  info.bytes_received = one.bytes_received();
  info.send_queue = one.send_queue();
  info.receive_queue = one.readable();
  return info;
}

std::vector<flow> flows_of(const tcp& streams, const udp_ports& datagrams) {
  std::vector<flow> flows;
  streams.for_each_listener([&](const listener& each) { flows.push_back(flow_of(each)); });
  streams.for_each_half_open([&](const half_open& each) { flows.push_back(flow_of(each)); });
  streams.for_each([&](const demultiplexed& each) { flows.push_back(flow_of(each)); });
  datagrams.for_each([&](const udp_port& each) {
    flows.push_back(flow_of(each, flow_kind::datagram, ip_protocol::udp));
  });
  return flows;
}

void add_flows_of(const raw_ports& raws, std::vector<flow>& flows) {
  raws.for_each([&](const raw_port& each) {
    flows.push_back(flow_of(each, flow_kind::raw, each.settings().protocol));
  });
}

}  // namespace pentad::native
