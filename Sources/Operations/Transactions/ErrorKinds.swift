// Which exit status the errors of lower layers deserve.

import Filesystems
import ImageAssembly
import ImageFetching
import ImageModel
import LinuxSystem
import RegistryAccess
package import ReleaseModel
import SystemPackage

extension RefusalKind {
    /// The reason behind any error; `impossible` for those without a status of their own.
    package init(_ error: any Error) {
        self =
            switch error {
            case let error as any ClassifiedError: error.kind
            case let error as RegistryError: RefusalKind(error.kind)
            case let error as FetchError: RefusalKind(error.kind)
            case let error as ManifestError where error.path == "$.schema": .schema
            case let error as ImageAssemblyError: RefusalKind(error.kind)
            case let error as PreallocationError where error.errno == .noSpace: .space
            case let error as SystemError where error.errno == .noSpace: .space
            default: .impossible
            }
    }

    private init(_ kind: RegistryError.Kind) {
        self =
            switch kind {
            case .unreachable, .untrusted, .misbehaving: .unreachable
            case .denied: .accessDenied
            case .notFound: .notFound
            case .corrupted: .mismatch
            case .insecure: .plainHTTP
            case .local: .impossible
            }
    }

    private init(_ kind: FetchError.Kind) {
        self =
            switch kind {
            case .noSpace: .space
            case .fullDownloadForbidden: .fullDownload
            case .corrupted: .mismatch
            case .unusable: .impossible
            }
    }

    private init(_ kind: ImageAssemblyError.Kind) {
        self =
            switch kind {
            case .noSpace: .space
            case .damaged: .mismatch
            case .wrongArchitecture: .architecture
            case .unsuitable, .file: .impossible
            }
    }
}
