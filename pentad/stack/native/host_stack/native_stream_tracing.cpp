// Path tracing of a stream: a message is what one send sent.
#include <cerrno>
#include <memory>

#include "pentad/stack/native/host_stack/native_stack.hpp"
#include "pentad/stack/native/host_stack/native_stream.hpp"

namespace pentad::native {

void native_stream::trace(bool on) {
  if (on == (tracing_ != nullptr)) return;
  if (on) {
    tracing_ = std::make_unique<tracing>();
    tracing_->number = stack_.tracer().add(*this);
  } else {
    stack_.tracer().remove(tracing_->number);
    tracing_.reset();
  }
  connection_->set_passage_sender(tracing_ ? tracing_->number : 0);
  stack_.observe_as_needed();
}

void native_stream::note_sending(std::uint64_t bytes) {
  if (tracing_) tracing_->sent.given(sent, sent + bytes, stack_.tracer().now());
}

void native_stream::note_read() {
  if (!tracing_) return;
  tracing_->received = times_of(connection_->passage_of_read(), stack_.tracer().now());
}

void native_stream::note_acknowledged() {
  if (!tracing_) return;
  tracing_->sent.acknowledged(connection_->bytes_acknowledged(), stack_.tracer().now());
}

void native_stream::passed(std::uint32_t position, passed_hop hop, wall_time when) {
  tracing_->sent.passed_up_to(position, hop, when);
}

bool native_stream::attempt(sent_message_operation& operation) {
  if (!tracing_) {
    operation.error = EOPNOTSUPP;
    return true;
  }
  const std::optional<sent_message> complete = tracing_->sent.pop();
  if (complete) {
    operation.sent = *complete;
    return true;
  }
  // Nothing more is acknowledged of a connection that is over.
  if (connection_->state() != tcp_state::closed) return false;
  operation.error = connection_->error() != 0 ? connection_->error() : EPIPE;
  return true;
}

}  // namespace pentad::native
