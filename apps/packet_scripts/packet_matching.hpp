// Whether what was sent is what a script expects.
#pragma once

#include "apps/packet_scripts/live_packet.hpp"

namespace pentad::packet_scripts {

/// Compares numbers of the script. Who pushes when is a stack's own choice, so the letter P is not
/// looked at; neither are the window and the mark of IP when they are not written. Timestamps may
/// differ by `ticks` milliseconds.
bool matches(const tcp_packet& expected, const tcp_packet& sent, std::uint32_t ticks);

/// Whether `next` goes on where `whole` ends, as if both were one segment that was cut: an
/// interface of Linux sends segments longer than the MSS, and scripts name them so.
bool goes_on(const tcp_packet& whole, const tcp_packet& next);
void append(tcp_packet& whole, const tcp_packet& next);

}  // namespace pentad::packet_scripts
