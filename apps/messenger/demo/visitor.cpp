#include "apps/messenger/demo/visitor.hpp"

#include <string>
#include <utility>

#include "apps/messenger/chat/carrier.hpp"
#include "apps/messenger/demo/steps.hpp"

namespace pentad::messenger::demo {
namespace {

constexpr std::string_view channel = "#lobby";

class visitor final : public chat::observer {
 public:
  visitor(host& here, stream_socket socket, part_in_play part, steps& taken)
      : here_(here),
        socket_(std::move(socket)),
        part_(part),
        steps_(taken),
        session_(chat::account{.nick = std::string(part.nick),
                               .real_name = "pentad demo",
                               .channel = std::string(channel)}),
        carrier_(here, socket_, session_, *this) {}

  task<> chat();

 private:
  void heard(const chat::news& what) override;
  task<> caught_up() override { co_return; }
  void received(std::span<const std::byte> bytes) override { steps_.moved("receive", bytes); }
  void sent(std::span<const std::byte> bytes) override { steps_.moved("send", bytes); }

  bool is_here(const chat::news& what) const;

  host& here_;
  stream_socket socket_;
  part_in_play part_;
  steps& steps_;
  chat::session session_;
  chat::carrier carrier_;
  bool has_spoken_ = false;
};

task<> visitor::chat() {
  const result<void> ended = co_await carrier_.run();
  if (!ended) co_return steps_.failed("receive", ended.error());
  socket_.close();
  steps_.took("close", "done");
}

void visitor::heard(const chat::news& what) {
  using kind = chat::news::kind;
  const bool from_other = what.who == part_.other;
  if (what.what == kind::message && from_other) steps_.read(what.text);

  const bool my_turn = part_.begins ? is_here(what) : what.what == kind::message && from_other;
  if (my_turn && !std::exchange(has_spoken_, true)) {
    session_.say(channel, part_.message, here_.now());
  }
  const bool over = part_.begins ? what.what == kind::message : what.what == kind::quit;
  if (over && from_other) session_.quit("that was all");
}

/// Whether the news say that the other person is on the channel.
bool visitor::is_here(const chat::news& what) const {
  using kind = chat::news::kind;
  return (what.what == kind::join && what.who == part_.other) ||
         (what.what == kind::names && what.text.find(part_.other) != std::string::npos);
}

}  // namespace

task<> visit(host& here, endpoint server, part_in_play part, audience& told) {
  steps taken(part.who, told);
  result<unbound_socket> unbound = here.open(stream, server.address.version());
  if (!unbound) co_return taken.failed("socket", unbound.error());
  taken.took("socket", "a TCP socket for IPv4");

  result<stream_socket> socket = co_await std::move(*unbound).connect(server);
  if (!socket) co_return taken.failed("connect", socket.error());
  taken.connected(*socket);
  taken.took("connect", taken.tuple());

  visitor person(here, std::move(*socket), part, taken);
  co_await person.chat();
}

}  // namespace pentad::messenger::demo
