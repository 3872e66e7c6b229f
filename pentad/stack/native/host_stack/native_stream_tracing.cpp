// Path tracing of a stream: a message is what one send sent.
#include <cerrno>
#include <memory>

#include "pentad/stack/native/host_stack/native_stack.hpp"
#include "pentad/stack/native/host_stack/native_stream.hpp"

namespace pentad::native {

// Who waits for times when it goes off is told `reason_to_stop`.
void native_stream::trace(bool on, int reason_to_stop) {
  if (on == (tracing_ != nullptr)) return;
  if (on) {
    tracing_ = std::make_unique<tracing>();
    tracing_->number = stack_.tracer().add(*tracing_);
  } else {
    stack_.tracer().remove(tracing_->number);
    sent_message_operation* const waits = tracing_->waiting;
    tracing_.reset();
    if (waits != nullptr) {
      waits->error = reason_to_stop;
      waits->end();
    }
  }
  connection_->trace_passage(tracing_ ? tracing_->number : 0);
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

bool native_stream::start(sent_message_operation& operation) {
  if (!tracing_) {
    operation.error = EOPNOTSUPP;
    return true;
  }
  if (tracing_->waiting != nullptr) {
    operation.error = EALREADY;
    return true;
  }
  if (attempt(operation)) return true;
  tracing_->waiting = &operation;
  return false;
}

void native_stream::stop(sent_message_operation& operation) noexcept {
  tracing_->waiting = nullptr;
  operation.error = operation.stop_error();
  operation.end();
}

void native_stream::retry_times() {
  if (!tracing_ || tracing_->waiting == nullptr || !attempt(*tracing_->waiting)) return;
  std::exchange(tracing_->waiting, nullptr)->end();
}

bool native_stream::attempt(sent_message_operation& operation) {
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
