#include "pentad/stack/kernel/tcp_values.hpp"

namespace pentad::kernel {

void add_tcp_info(stream_info& info, const tcp_info& tcp, std::size_t size) noexcept {
  if (tcp.tcpi_rtt != 0) {  // something was measured
    info.rtt = std::chrono::microseconds(tcp.tcpi_rtt);
    info.rtt_variance = std::chrono::microseconds(tcp.tcpi_rttvar);
  }
  info.segment_size = tcp.tcpi_snd_mss;
  info.congestion_window = std::uint64_t{tcp.tcpi_snd_cwnd} * tcp.tcpi_snd_mss;
  info.in_flight = std::uint64_t{tcp.tcpi_unacked} * tcp.tcpi_snd_mss;
  info.retransmits = tcp.tcpi_total_retrans;
  if (size >= offsetof(tcp_info, tcpi_segs_out)) {
    info.bytes_acknowledged = tcp.tcpi_bytes_acked;
    info.bytes_received = tcp.tcpi_bytes_received;
  }
  if (size >= offsetof(tcp_info, tcpi_busy_time)) info.delivery_rate = tcp.tcpi_delivery_rate;
}

}  // namespace pentad::kernel
