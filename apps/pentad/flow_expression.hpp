// A filter of quintuples in the language of libpcap, pcap-filter(7).
#pragma once

#include <string>

#include "pentad/base/five_tuple_filter.hpp"

namespace pentad::command {

/// Matches the packets of both directions; empty for a filter that matches all.
std::string flow_expression(const five_tuple_filter& flow);

}  // namespace pentad::command
