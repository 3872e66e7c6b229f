#include "apps/messenger/demo/step_server.hpp"

#include <utility>

#include "apps/messenger/chat/clock.hpp"
#include "apps/messenger/demo/steps.hpp"
#include "apps/messenger/server/server.hpp"
#include "pentad/runtime/event.hpp"
#include "pentad/runtime/scope.hpp"

namespace pentad::messenger::demo {
namespace {

constexpr int backlog = 16;

/// The server, and what its connections share.
class desk {
 public:
  desk(host& here, const configuration& settings, audience& told)
      : told_(told), here_(here), server_(settings, here.random(), now()) {}

  moment now() { return {here_.now(), chat::wall_clock()}; }
  audience& told() noexcept { return told_; }
  server& rules() noexcept { return server_; }

 private:
  audience& told_;
  host& here_;
  server server_;
};

/// A connection from its accept to its close.
class guest final : public transport {
 public:
  guest(desk& at, stream_socket socket)
      : desk_(at),
        socket_(std::move(socket)),
        steps_(actor::server, at.told()),
        client_(at.rules().connected(*this, name_of(socket_), at.now())) {
    steps_.connected(socket_);
    steps_.took("accept", steps_.tuple());
  }

  task<> serve();

  void attend() override { news_.set(); }
  void cut() noexcept override { socket_.close(); }

 private:
  static std::string name_of(const stream_socket& socket) {
    const result<socket_address> peer = socket.remote();
    return peer && peer->is_ip() ? to_string(peer->ip().address) : "unknown";
  }

  task<> read();
  task<> write();

  desk& desk_;
  stream_socket socket_;
  steps steps_;
  client& client_;
  event news_;
};

task<> guest::serve() {
  co_await in_scope([this](scope& both) -> task<> {
    both.spawn(write());
    co_await read();
    both.cancel();
  });
  socket_.close();
  steps_.took("close", "done");
  desk_.rules().disconnected(client_, desk_.now());
  desk_.rules().flush();
}

task<> guest::read() {
  for (;;) {
    const result<received> data = co_await socket_.receive();
    if (!data) steps_.failed("receive", data.error());
    if (!data || data->empty()) break;
    steps_.moved("receive", data->bytes());
    desk_.rules().received(client_, data->bytes(), desk_.now());
    desk_.rules().flush();
  }
  desk_.rules().finished(client_, "Connection closed", desk_.now());
  desk_.rules().flush();
}

task<> guest::write() {
  send_batch batch;
  for (;;) {
    const result<void> more = co_await news_.wait();
    if (!more) co_return;
    while (client_.output.take(batch)) {
      const result<void> sent = co_await socket_.send(batch.bytes());
      if (!sent) co_return steps_.failed("send", sent.error());
      steps_.moved("send", batch.bytes());
    }
    if (client_.closing()) static_cast<void>(socket_.shutdown(direction::send));
  }
}

task<> serve_guest(desk& at, stream_socket socket) {
  guest served(at, std::move(socket));
  co_await served.serve();
}

}  // namespace

result<stream_listener> listen_by_steps(host& here, endpoint address, audience& told) {
  steps taken(actor::server, told);
  const auto failed = [&](std::string_view step, std::error_code error) {
    taken.failed(step, error);
    return failure(error);
  };
  const stream_options options{.reuse_address = true};
  result<unbound_socket> unbound = here.open(stream, address.address.version(), options);
  if (!unbound) return failed("socket", unbound.error());
  taken.took("socket", "a TCP socket for IPv4");

  result<bound_socket> bound = std::move(*unbound).bind(address);
  if (!bound) return failed("bind", bound.error());
  const std::string local = to_string(bound->local().value_or(address));
  taken.took("bind", local);

  result<stream_listener> listener = std::move(*bound).listen(backlog);
  if (!listener) return failed("listen", listener.error());
  taken.took("listen", local);
  return listener;
}

task<> serve_by_steps(host& here, stream_listener& listener, std::size_t guests, audience& told) {
  configuration settings;
  settings.limit.messages_per_second = 0;
  desk at(here, settings, told);
  co_await in_scope([&](scope& all) -> task<> {
    for (std::size_t i = 0; i < guests; ++i) {
      result<stream_socket> socket = co_await listener.accept();
      if (!socket) co_return steps(actor::server, told).failed("accept", socket.error());
      all.spawn(serve_guest(at, std::move(*socket)));
    }
  });
}

}  // namespace pentad::messenger::demo
