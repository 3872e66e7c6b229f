#include "pentad/runtime/scope.hpp"

namespace pentad {

struct scope::child : environment {
  child(scope& in, task<void>&& whole) noexcept : owner(in), body(std::move(whole)) {}
  scope& owner;
  task<void> body;
  child* elder = nullptr;
  child* younger = nullptr;
};

void scope::spawn(task<void> body) {
  auto* made = new (frames.take(sizeof(child))) child(*this, std::move(body));
  made->loop = loop_;
  made->why = why_;
  made->finished = &finished;
  made->elder = first_;
  if (first_ != nullptr) first_->younger = made;
  first_ = made;
  ++size_;
  made->resume_later(made->body.bind(*made));
}

void scope::stop(stop_reason reason) noexcept {
  if (why_ != stop_reason::none) return;
  why_ = reason;
  for (child* each = first_; each != nullptr; each = each->elder) each->environment::stop(reason);
}

void scope::finished(environment& ended) noexcept {
  auto& last = static_cast<child&>(ended);
  scope& owner = last.owner;
  owner.remove(last);
  if (last.error) {
    if (!owner.error_) owner.error_ = std::move(last.error);
    owner.stop(stop_reason::canceled);
  }
  // Its frame is still in final_suspend, and compilers disagree on whether it may be destroyed
  // there (GCC PR 121961): the ready queue does it.
  last.run = &destroy;
  owner.loop_->push(last);
}

void scope::destroy(ready_node& node) noexcept {
  auto* ended = static_cast<child*>(&static_cast<environment&>(node));
  scope& owner = ended->owner;
  ended->~child();
  frames.give(ended, sizeof(child));
  if (--owner.size_ == 0 && owner.joiner_ != nullptr) owner.joiner_->end();
}

void scope::remove(child& ended) noexcept {
  (ended.younger != nullptr ? ended.younger->elder : first_) = ended.elder;
  if (ended.elder != nullptr) ended.elder->younger = ended.younger;
}

}  // namespace pentad
