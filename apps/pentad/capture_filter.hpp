// Filters for packet sockets, compiled by libpcap from what users write.
#pragma once

#include <expected>
#include <span>
#include <string>
#include <vector>

#include "pentad/socket/host.hpp"

namespace pentad::command {

/// The program for an expression of pcap-filter(7) on frames of these kinds of link, which are not
/// empty; empty for an empty expression. Of several kinds, the program asks each frame for its own,
/// which Linux alone can answer. Errors: what libpcap finds wrong, in words.
std::expected<std::vector<filter_instruction>, std::string> compile_filter(
    const std::string& expression, std::span<const link_type> links);

}  // namespace pentad::command
