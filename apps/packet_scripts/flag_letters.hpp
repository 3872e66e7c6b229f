// The flags of a TCP segment as scripts write them, in that order.
#pragma once

#include <array>
#include <utility>

#include "pentad/wire/tcp_flags.hpp"

namespace pentad::packet_scripts {

inline constexpr std::array<std::pair<char, wire::tcp_flags>, 8> flag_letters{
    {{'S', wire::tcp_syn},
     {'F', wire::tcp_fin},
     {'R', wire::tcp_rst},
     {'P', wire::tcp_psh},
     {'U', wire::tcp_urg},
     {'E', wire::tcp_ece},
     {'W', wire::tcp_cwr},
     {'.', wire::tcp_ack}}};

}  // namespace pentad::packet_scripts
