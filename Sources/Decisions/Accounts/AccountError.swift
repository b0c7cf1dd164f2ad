package import Faults

/// Says what could not be done with an account, why, and what to do.
package typealias AccountError = Fault<AccountFault>

/// Names what cannot be done with accounts.
package enum AccountFault: FaultKind {
    /// A name cannot be one of a user or group.
    case name
    /// A value cannot be written.
    case value
    /// A number belongs to another user.
    case taken
    /// No number is free.
    case full
    /// A group is not there.
    case missingGroup
    /// A user is not there.
    case missingUser
    /// The file has a line of that name which is not understood.
    case malformedLine
    /// It would make the machine unusable.
    case protected
    /// A password cannot be hashed or compared.
    case password
    /// A line is no key for ssh.
    case key
    /// The marked part of a file has no end.
    case block
    /// A rule of sudo cannot be one.
    case rule
}

extension AccountError {
    static func name(_ name: String, of kind: String, _ cause: String) -> AccountError {
        AccountError(
            .name, "naming \(kind)", "\"\(name.prefix(40))\"", cause: cause,
            remedy: "Begin with a letter or underscore; use letters, digits, `_`, `.` and `-`; at most 32 bytes.")
    }

    static func value(_ label: String, of owner: String, _ cause: String) -> AccountError {
        AccountError(
            .value, "writing", "\(label) of \(owner)", cause: cause, remedy: "Correct it in the configuration.")
    }

    static func taken(_ id: UInt32, user: String, by owner: String) -> AccountError {
        AccountError(
            .taken, "giving", "uid \(id) to user \(user)", cause: "user \(owner) has it",
            remedy: "Choose another `uid`, or leave it out.")
    }

    static func takenGroup(_ id: UInt32, group: String, by owner: String) -> AccountError {
        AccountError(
            .taken, "giving", "gid \(id) to group \(group)", cause: "group \(owner) has it",
            remedy: "Choose another `gid`, or leave it out.")
    }

    static func full(_ name: String, _ range: ClosedRange<UInt32>) -> AccountError {
        AccountError(
            .full, "finding a number for", name,
            cause: "none from \(range.lowerBound) to \(range.upperBound) is free",
            remedy: "Give it a number, or remove users that are not needed.")
    }

    static func missingGroup(_ group: String, user: String) -> AccountError {
        AccountError(
            .missingGroup, "adding user", "\(user) to group \(group)", cause: "there is no such group",
            remedy: "Bring the group with the image, or make it before with `ensure_entities` or `groups`.")
    }

    static func missingUser(_ user: String) -> AccountError {
        AccountError(
            .missingUser, "changing user", user, cause: "there is no such user",
            remedy: "Bring the user with the image, or make it before with `users`.")
    }

    static func malformedLine(_ number: Int, of file: AccountFileKind, name: String) -> AccountError {
        AccountError(
            .malformedLine, "writing", "\(name) into \(file.path)",
            cause: "line \(number) has that name and cannot be understood", remedy: "Correct or remove that line.")
    }

    static func protected(_ operation: String, _ subject: String, _ cause: String) -> AccountError {
        AccountError(
            .protected, operation, subject, cause: cause, remedy: "Leave this account as the image has it.")
    }

    static func password(of user: String, _ cause: String) -> AccountError {
        AccountError(
            .password, "setting the password of", user, cause: cause, remedy: "Choose another password, or a hash.")
    }

    static func key(_ cause: String) -> AccountError {
        AccountError(
            .key, "reading", "a key for ssh", cause: cause,
            remedy: "Copy the whole line of the `.pub` file that ssh-keygen has written.")
    }

    static func block(_ source: String, _ cause: String) -> AccountError {
        AccountError(
            .block, "replacing", "the keys from \(source)", cause: cause,
            remedy: "Remove the marking lines of this source from `authorized_keys`; it is then written anew.")
    }

    static func rule(_ user: String, _ cause: String) -> AccountError {
        AccountError(
            .rule, "writing", "a rule of sudo for \(user)", cause: cause,
            remedy: "Write it as `ALL=(ALL) NOPASSWD:ALL`, see sudoers(5).")
    }
}
