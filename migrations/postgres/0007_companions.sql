-- A companion is somebody who comes along: a partner, a relative, a friend.
ALTER TABLE representation DROP CONSTRAINT representation_kind_check;
ALTER TABLE representation ADD CONSTRAINT representation_kind_check
    CHECK (kind IN ('self', 'parent', 'guardian', 'carer', 'attorney', 'advocate', 'companion'));
