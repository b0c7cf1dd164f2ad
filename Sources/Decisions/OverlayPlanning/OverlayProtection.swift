/// What keeps an overlay from being changed by whoever writes the partition that it lies on.
package enum OverlayProtection: Equatable, Sendable {
    /// Nothing.
    case none
    /// It lies in the image, which is checked as a whole.
    case image
    /// The signature beside its file is by this image key; the file is read once, and what was checked is used.
    case signed(by: String)
    /// dm-verity checks each block when it is read, against a root hash that an image key signed; nil when nobody did.
    case verity(signedBy: String?)
    /// A signature or a tree is there and does not fit: why, without full stop.
    case broken(String)
    /// It could not be found out: why, without full stop.
    case unchecked(String)

    /// Says why an overlay must not be taken; nil when it may.
    ///
    /// What is there must fit, on any machine. A sealed one takes nothing from elsewhere without an image key's signature; for an
    /// image that must be one of a root hash, since a file that was checked as a whole can be changed before it is read again.
    func refusal(_ form: OverlayForm, isSealed: Bool) -> String? {
        switch self {
        case .broken(let reason): return reason
        case .unchecked(let reason): return "it could not be checked: \(reason)"
        case .image: return nil
        case .none, .signed, .verity: return isSealed ? sealedRefusal(form) : nil
        }
    }

    private func sealedRefusal(_ form: OverlayForm) -> String? {
        switch self {
        case .signed where form.isArchive, .verity(.some): nil
        case .signed where form.isImage:
            "this system is sealed, and takes an image only with dm-verity and a signature of its root hash"
        case .verity(.none): "this system is sealed, and no image key has signed its root hash"
        case _ where form == .folder: "this system is sealed, and a folder cannot be signed: make an image of it"
        default: "this system is sealed, and no image key has signed it"
        }
    }
}
