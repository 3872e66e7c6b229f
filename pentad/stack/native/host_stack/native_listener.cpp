#include "pentad/stack/native/host_stack/native_listener.hpp"

#include <cerrno>
#include <utility>

#include "pentad/stack/native/host_stack/native_stack.hpp"
#include "pentad/stack/native/host_stack/native_stream.hpp"

namespace pentad::native {

native_listener::native_listener(native_stack& stack, listener& listening,
                                 const stream_options& options) noexcept
    : stack_(stack), listener_(&listening), options_(options) {
  listening.user = this;
}

bool native_listener::attempt(accept_request& request) {
  connection* accepted = listener_->accept();
  if (accepted == nullptr) return false;
  request.accepted.reset(new native_stream(stack_, *accepted));
  static_cast<void>(request.accepted->set(options_));
  return true;
}

bool native_listener::start(accept_request& request) {
  if (waiting_ != nullptr) {
    request.error = EALREADY;
    return true;
  }
  if (attempt(request)) return true;
  waiting_ = &request;
  return false;
}

void native_listener::event() {
  if (waiting_ == nullptr || !attempt(*waiting_)) return;
  std::exchange(waiting_, nullptr)->end();
}

void native_listener::stop(accept_request& request) noexcept {
  waiting_ = nullptr;
  request.error = request.stop_error();
  request.end();
}

void native_listener::release() noexcept {
  if (accept_request* request = std::exchange(waiting_, nullptr)) {
    request->error = ECANCELED;
    request->end();
  }
  listener_->close();
  stack_.schedule();
  delete this;
}

}  // namespace pentad::native
