#include "pentad/stack/native/host_stack/native_stream.hpp"

#include <array>
#include <cerrno>
#include <utility>

#include "pentad/stack/native/host_stack/native_flows.hpp"
#include "pentad/stack/native/host_stack/native_stack.hpp"

namespace pentad::native {

native_stream::native_stream(native_stack& stack, connection& connected) noexcept
    : stack_(stack), connection_(&connected) {
  connected.user = this;
}

void native_stream::event() {
  note_acknowledged();
  retry(slot::reader);
  retry(slot::writer);
  retry_times();
}

void native_stream::lend_now() {
  waits_for_loan_ = false;
  retry(slot::reader);
}

// No bytes are there. The end that the peer announced comes before a failure that came later, and
// a failure is never taken for the end.
bool native_stream::ends_receiving(operation& operation) noexcept {
  if (connection_->is_read_to_the_end()) return true;
  operation.error = connection_->error();
  if (operation.error != 0) failure_is_told_ = true;
  return connection_->state() == tcp_state::closed;
}

// As on Linux: a failure is told once, then the stream is just broken.
bool native_stream::fails_to_send(operation& operation) noexcept {
  if (connection_->error() != 0 && !failure_is_told_) {
    failure_is_told_ = true;
    operation.error = connection_->error();
  } else if (connection_->cannot_send()) {
    operation.error = EPIPE;
  }
  return operation.error != 0;
}

bool native_stream::finds_nothing(operation& operation) {
  if (ends_receiving(operation)) return true;
  connection_->begin_early();
  stack_.schedule();
  return false;
}

bool native_stream::attempt(connect_request& request) {
  if (!connection_->is_connected()) return false;
  request.error = connection_->error();
  return true;
}

bool native_stream::attempt(receive_operation& operation) {
  if (connection_->readable() == 0) return finds_nothing(operation);
  operation.count = connection_->read(operation.buffer);
  note_read();
  stack_.schedule();
  return true;
}

bool native_stream::attempt(lend_operation& operation) {
  if (connection_->readable() == 0) return finds_nothing(operation);
  if (waits_for_loan_) return false;
  if (!stack_.loans().has_room()) {
    stack_.loans().waiting.add(operation);
    waits_for_loan_ = true;
    return false;
  }
  operation.loan = stack_.loans().lend(connection_->take());
  note_read();
  stack_.schedule();
  return true;
}

bool native_stream::attempt(send_operation& operation) {
  if (fails_to_send(operation)) return true;
  operation.advance(connection_->write(operation.rest));
  stack_.schedule();
  return operation.complete();
}

bool native_stream::attempt(send_parts_operation& operation) {
  if (fails_to_send(operation)) return true;
  std::array<send_parts_operation::part, send_parts_operation::gathered_at_once> parts;
  while (!operation.complete()) {
    const std::size_t count = operation.gather(parts);
    for (std::size_t i = 0; i < count; ++i) {
      const std::size_t taken = connection_->write(parts[i]);
      operation.advance(taken);
      if (taken < parts[i].size()) {
        stack_.schedule();
        return false;
      }
    }
  }
  stack_.schedule();
  return true;
}

template <class Operation>
bool native_stream::begin(Operation& started, slot where, work what) {
  if (waiting(where) != nullptr) {
    started.error = EALREADY;
    return true;
  }
  note_given(started);
  if (attempt(started)) {
    if (started.error != 0) note_stopped();
    return true;
  }
  park(started, where, what);
  return false;
}

template bool native_stream::begin(receive_operation&, slot, work);
template bool native_stream::begin(lend_operation&, slot, work);
template bool native_stream::begin(send_operation&, slot, work);
template bool native_stream::begin(send_parts_operation&, slot, work);
template bool native_stream::begin(send_file_operation&, slot, work);

bool native_stream::carry_out(operation& waits, work what) {
  switch (what) {
    case work::connect:
      return attempt(static_cast<connect_request&>(waits));
    case work::receive:
      return attempt(static_cast<receive_operation&>(waits));
    case work::lend:
      return attempt(static_cast<lend_operation&>(waits));
    case work::send:
      return attempt(static_cast<send_operation&>(waits));
    case work::send_parts:
      return attempt(static_cast<send_parts_operation&>(waits));
    case work::send_file:
      return attempt(static_cast<send_file_operation&>(waits));
  }
  return false;
}

void native_stream::retry(slot where) {
  operation* const waits = waiting(where);
  if (waits == nullptr || !carry_out(*waits, works_[static_cast<std::size_t>(where)])) return;
  waiting(where) = nullptr;
  waits->end();
}

void native_stream::forget_loan() noexcept {
  if (!std::exchange(waits_for_loan_, false)) return;
  stack_.loans().waiting.remove(static_cast<lend_operation&>(*waiting(slot::reader)));
}

void native_stream::halt(operation& stopped, slot where) noexcept {
  if (where == slot::reader) forget_loan();
  if (where == slot::writer) note_stopped();
  waiting(where) = nullptr;
  stopped.error = stopped.stop_error();
  stopped.end();
}

result<void> native_stream::shutdown(direction way) {
  if (connection_->state() == tcp_state::closed) return failure(std::errc::not_connected);
  if (way != direction::send) connection_->shutdown_receive();
  if (way != direction::receive) connection_->shutdown_send();
  stack_.schedule();
  return {};
}

result<void> native_stream::set(const stream_options& options) {
  if (options.zero_copy) return failure(std::errc::operation_not_supported);
  const result<void> set = apply_options(options, connection_);
  if (set && options.path_tracing) trace(*options.path_tracing, EOPNOTSUPP);
  return set;
}

result<socket_address> native_stream::local() const { return connection_->tuple.local; }
result<socket_address> native_stream::remote() const { return connection_->tuple.remote; }

stream_info native_stream::info() const { return info_of(*connection_); }

void native_stream::release(bool abort) noexcept {
  forget_loan();
  trace(false, ECANCELED);
  for (operation*& each : waiting_) {
    if (operation* waits = std::exchange(each, nullptr)) {
      waits->error = ECANCELED;
      waits->end();
    }
  }
  connection_->release(abort);
  stack_.schedule();
  delete this;
}

result<void> apply_options(const stream_options& options, connection* set_on) {
  const bool has_unknown = !options.device.empty();
  if (has_unknown) return failure(std::errc::operation_not_supported);
  if (set_on == nullptr) return {};
  if (options.no_delay) set_on->set_no_delay(*options.no_delay);
  if (options.keep_alive) {
    set_on->set_keep_alive({options.keep_alive->idle, options.keep_alive->interval,
                            static_cast<unsigned>(options.keep_alive->count)});
  }
  if (options.user_timeout) set_on->set_user_timeout(*options.user_timeout);
  if (options.send_buffer) {
    set_on->set_send_buffer(static_cast<std::size_t>(*options.send_buffer));
  }
  if (options.receive_buffer) {
    set_on->set_receive_buffer(static_cast<std::size_t>(*options.receive_buffer));
  }
  return {};
}

}  // namespace pentad::native
