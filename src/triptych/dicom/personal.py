"""Which attributes are about a person.

Chosen from the attributes of PS3.15, table E.1-1 (edition 2024b): what names, dates the birth of, describes or
reaches the patient, physicians, operators and other people, the numbers and places by which they can be found
(accession, admission, order, insurance, subject of a trial), and free text in which people write names. Every
element of type PN is personal, private ones too.

Not personal here, though the table lists them, because nobody could work without them: descriptions of study,
series and protocol, dates and times of study, series and acquisition, UIDs, and what is said of the device. Removing
people's data for good is a task of its own, which has to treat all of the table.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydicom._dicom_dict import DicomDictionary
from pydicom.datadict import tag_for_keyword

if TYPE_CHECKING:
    from triptych.dicom.elements import Visit

_PATIENT = """
PatientName PatientID IssuerOfPatientID IssuerOfPatientIDQualifiersSequence TypeOfPatientID PatientBirthDate
PatientBirthTime PatientBirthDateInAlternativeCalendar PatientDeathDateInAlternativeCalendar PatientSex PatientAge
PatientSize PatientWeight PatientAddress PatientTelephoneNumbers PatientTelecomInformation PatientBirthName
PatientMotherBirthName OtherPatientIDs OtherPatientIDsSequence OtherPatientNames PatientAlternativeCalendar
PatientReligiousPreference PatientComments PatientState PatientInstitutionResidence PatientTransportArrangements
PatientInsurancePlanCodeSequence PatientPrimaryLanguageCodeSequence PatientPrimaryLanguageModifierCodeSequence
PatientSexNeutered InsurancePlanIdentification MedicalRecordLocator MilitaryRank BranchOfService CountryOfResidence
RegionOfResidence EthnicGroup EthnicGroupCodeSequence Occupation SmokingStatus PregnancyStatus LastMenstrualDate
AdditionalPatientHistory MedicalAlerts Allergies SpecialNeeds PreMedication ResponsiblePerson
ResponsiblePersonRole ResponsibleOrganization ReferencedPatientSequence ReferencedPatientAliasSequence
ReferencedPatientPhotoSequence ConfidentialityConstraintOnPatientDataDescription
"""

_VISIT = """
AccessionNumber IssuerOfAccessionNumberSequence StudyID AdmissionID IssuerOfAdmissionID IssuerOfAdmissionIDSequence
AdmittingDate AdmittingTime AdmittingDiagnosesDescription AdmittingDiagnosesCodeSequence DischargeDate DischargeTime
DischargeDiagnosisDescription CurrentPatientLocation ServiceEpisodeID ServiceEpisodeDescription
IssuerOfServiceEpisodeID
IssuerOfServiceEpisodeIDSequence VisitComments ScheduledAdmissionDate ScheduledAdmissionTime ScheduledDischargeDate
ScheduledDischargeTime ScheduledPatientInstitutionResidence RequestedProcedureID RequestedProcedureComments
RequestedProcedureLocation ReasonForStudy ReasonForVisit ReasonForTheRequestedProcedure
ReasonForTheImagingServiceRequest PlacerOrderNumberImagingServiceRequest FillerOrderNumberImagingServiceRequest
ImagingServiceRequestComments OrderEnteredBy OrderEntererLocation OrderCallbackPhoneNumber
OrderCallbackTelecomInformation RequestingPhysician RequestingPhysicianIdentificationSequence RequestingService
SpecimenAccessionNumber SpecimenIdentifier ContainerIdentifier BarcodeValue LabelText
ScheduledProcedureStepID PerformedProcedureStepID
"""

_OTHERS = """
ReferringPhysicianName ReferringPhysicianAddress ReferringPhysicianTelephoneNumbers
ReferringPhysicianIdentificationSequence ConsultingPhysicianName ConsultingPhysicianIdentificationSequence
PhysiciansOfRecord PhysiciansOfRecordIdentificationSequence PerformingPhysicianName
PerformingPhysicianIdentificationSequence NameOfPhysiciansReadingStudy PhysiciansReadingStudyIdentificationSequence
OperatorsName OperatorIdentificationSequence ScheduledPerformingPhysicianName
ScheduledPerformingPhysicianIdentificationSequence ContentCreatorName ContentCreatorIdentificationCodeSequence
PersonName PersonIdentificationCodeSequence PersonAddress PersonTelephoneNumbers PersonTelecomInformation
VerifyingObserverName VerifyingObserverIdentificationCodeSequence VerifyingOrganization AuthorObserverSequence
ParticipantSequence CustodialOrganizationSequence NamesOfIntendedRecipientsOfResults
IntendedRecipientsOfResultsIdentificationSequence HumanPerformerName HumanPerformerOrganization ReviewerName
ROIInterpreter InterpretationAuthor InterpretationRecorder InterpretationTranscriber
PhysicianApprovingInterpretation DistributionName DistributionAddress TopicAuthor CameraOwnerName Originator
InstitutionName InstitutionAddress InstitutionCodeSequence InstitutionalDepartmentName
InstitutionalDepartmentTypeCodeSequence GPSLatitude GPSLongitude GPSAltitude GPSDestLatitude GPSDestLongitude
"""

_TRIAL = """
ClinicalTrialSubjectID IssuerOfClinicalTrialSubjectID ClinicalTrialSubjectReadingID
IssuerOfClinicalTrialSubjectReadingID ClinicalTrialSiteID ClinicalTrialSiteName ClinicalTrialSponsorName
ClinicalTrialCoordinatingCenterName ClinicalTrialProtocolEthicsCommitteeName
"""

_FREE_TEXT = """
ImageComments FrameComments StudyComments IdentifyingComments AcquisitionComments TextComments
CommentsOnThePerformedProcedureStep CommentsOnRadiationDose ImagePresentationComments ResultsComments Impressions
InterpretationText InterpretationDiagnosisDescription Arbitrary TextString DerivationDescription
ModifiedImageDescription PrescriptionDescription UnformattedTextValue TextValue RequestAttributesSequence
OriginalAttributesSequence ModifiedAttributesSequence NonconformingDataElementValue
"""

LISTED_KEYWORDS = frozenset(" ".join((_PATIENT, _VISIT, _OTHERS, _TRIAL, _FREE_TEXT)).split())
"""Keywords of the attributes that were chosen one by one."""

PERSONAL_KEYWORDS = LISTED_KEYWORDS | {
    keyword for vr, _, _, _, keyword in DicomDictionary.values() if vr == "PN" and keyword
}
"""Keywords (PS3.6) of the attributes that are about a person: the chosen ones, and all of type PN."""

_TAGS = frozenset(tag for tag in map(tag_for_keyword, LISTED_KEYWORDS) if tag is not None)


def is_personal(tag: int, vr: str) -> bool:
    """Whether an element is about a person, by its tag, or its type PN."""
    return vr == "PN" or tag in _TAGS


def is_personal_tag(tag: int) -> bool:
    """Whether an element is about a person by its tag alone, as sequences are."""
    return tag in _TAGS


def personal_sequence(visit: Visit) -> int | None:
    """The tag of the outermost sequence about a person that an element stands in: its codes may name somebody."""
    return next((tag for tag in visit.within if tag in _TAGS), None)
