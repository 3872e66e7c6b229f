// Path tracing of a stream: a message is what one send sent.
#include <cerrno>
#include <utility>

#include "pentad/stack/native/host_stack/native_stack.hpp"
#include "pentad/stack/native/host_stack/native_stream.hpp"

namespace pentad::native {

void native_stream::trace(bool on) {
  if (on == (tracer_number_ != 0)) return;
  if (on) {
    tracer_number_ = stack_.tracer().add(*this);
  } else {
    stack_.tracer().remove(std::exchange(tracer_number_, 0));
  }
  connection_->set_passage_sender(tracer_number_);
  stack_.observe_as_needed();
}

void native_stream::note_sending(std::uint64_t bytes) {
  if (tracer_number_ != 0) traced_.given(sent, sent + bytes, stack_.tracer().now());
}

void native_stream::note_given(const send_parts_operation& started) {
  std::uint64_t bytes = 0;
  for (const send_parts_operation::part& each : started.rest) bytes += each.size();
  note_sending(bytes - started.offset);
}

void native_stream::note_read() {
  if (tracer_number_ == 0) return;
  received_times_ = times_of(connection_->passage_of_read(), stack_.tracer().now());
}

void native_stream::note_acknowledged() {
  if (tracer_number_ == 0) return;
  traced_.acknowledged(connection_->bytes_acknowledged(), stack_.tracer().now());
}

void native_stream::passed(std::uint32_t position, passed_hop hop, wall_time when) {
  traced_.passed_up_to(position, hop, when);
}

bool native_stream::attempt(sent_message_operation& operation) {
  if (tracer_number_ == 0) {
    operation.error = EOPNOTSUPP;
    return true;
  }
  const std::optional<sent_message> complete = traced_.pop();
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
