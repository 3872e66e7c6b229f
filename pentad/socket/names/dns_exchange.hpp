// One question to one server, and its reply.
#pragma once

#include "pentad/base/endpoint.hpp"
#include "pentad/runtime/task.hpp"
#include "pentad/socket/name_service.hpp"
#include "pentad/socket/names/dns_message.hpp"

namespace pentad {
class host;
}

namespace pentad::names {

struct exchange {
  exchange(const endpoint& at, const question& wanted) : server(at), asked(wanted) {}

  endpoint server;
  question asked;
  bool extended = true;  ///< with EDNS
  bool use_tcp = false;  ///< from the start
};

/// Asks over UDP, from a port and with an id that nobody can guess, and over TCP (RFC 7766) when
/// the reply does not fit or when somebody seems to guess. What is no reply to the question, or
/// not from that server, is passed over. Errors: those of sockets and of `secrets`.
task<result<reply>> ask(host& here, const exchange& wanted,
                        const name_service::secret_source& secrets);

}  // namespace pentad::names
