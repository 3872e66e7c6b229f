// The socket under a client: one coroutine reads, another one writes while there is something to
// write.
#pragma once

#include "apps/messenger/server/client.hpp"
#include "pentad/runtime/event.hpp"
#include "pentad/runtime/task.hpp"
#include "pentad/socket/stream_socket.hpp"

namespace pentad::messenger {

class service;

class connection final : public transport {
 public:
  /// Holds a connection from its first byte to its end. `in` must stay.
  static task<> hold(service& in, stream_socket socket);

  connection(const connection&) = delete;
  connection& operator=(const connection&) = delete;

  void attend() override;
  void cut() noexcept override;

 private:
  connection(service& in, stream_socket socket);

  task<> write();
  task<> until_written();
  void finish(std::string_view reason);
  bool has_to_write() const noexcept;

  service& in_;
  stream_socket socket_;
  client& client_;
  event changed_;  // for the reader, when it waits for something else than bytes
  bool writing_ = false;
};

}  // namespace pentad::messenger
