"""Offices as British prose states them: who stays named without a case, and the look-alikes that must not.

Each row is a text of its own with «the person in question» marked; every name, place and council is invented. All rows go
through the patterns; all go through the real recognizers and `people.resolve` as well.
"""

from __future__ import annotations

import re
import time

import pytest

from redactor.case import EMPTY_CASE
from redactor.cleartext import ClearText
from redactor.content import Block, BlockKind, Content
from redactor.model import Document, Resolution, Role, Span
from redactor.people import resolve
from redactor.people.grammar import grammar
from redactor.people.offices import stated
from redactor.people.scope import Scopes
from redactor.policy import Policy, load_policy
from redactor.recognizers import Engine

POLICY = load_policy("iopc-report")

STAYS = [
    # members of parliament and parties
    "The letter was sent to «Helen Marsden» MP in May.",
    "«Helen Marsden», MP for Wexcombe, asked for the file.",
    "«Helen Marsden», the MP for Wexcombe, asked for the file.",
    "«Helen Marsden», the Labour MP for Wexcombe, asked for the file.",
    "Wexcombe's MP, «Helen Marsden», asked for the file.",
    "Wexcombe's Labour MP «Helen Marsden» asked for the file.",
    "Wexcombe MP «Helen Marsden» asked for the file.",
    "The Conservative MP «Helen Marsden» asked for the file.",
    "Her MP, «Helen Marsden», wrote twice.",
    "The former MP «Helen Marsden» asked for the file.",
    "Ex-MP «Helen Marsden» asked for the file.",
    "Labour's «Helen Marsden» asked for the file.",
    "The Conservatives' «Helen Marsden» asked for the file.",
    "«Helen Marsden», the member for Wexcombe, asked for the file.",
    "The hon. Member for Wexcombe («Helen Marsden») asked for the file.",
    "«Helen Marsden» (Wexcombe) (Lab): Will the Minister give way?",
    "«Helen Marsden» (Lab) asked for the file.",
    "«Helen Marsden» (Con, Wexcombe) asked for the file.",
    "«Helen Marsden», 52, the MP for Wexcombe, asked for the file.",
    "«Helen Marsden», a former nurse and Labour MP, asked for the file.",
    "«Helen Marsden», who represents Wexcombe in Parliament, asked for the file.",
    "«Helen Marsden» was elected as MP for Wexcombe in 2010.",
    "«Helen Marsden» was the MP for Wexcombe until 2015.",
    "«Helen Marsden», who was MP for Wexcombe until 2015, asked for the file.",
    "MPs «Helen Marsden» and Peter Oakley asked for the file.",
    "MPs Helen Marsden and «Peter Oakley» asked for the file.",
    "Helen Marsden and «Peter Oakley», the MPs for Wexcombe and Harnsea, wrote to the force.",
    "«Helen Marsden» MSP asked for the file.",
    "The shadow home secretary, «Helen Marsden», asked for the file.",
    "Shadow policing minister «Helen Marsden» asked for the file.",
    "«Helen Marsden», the shadow home secretary, asked for the file.",
    "«Helen Marsden», chair of the Home Affairs Select Committee, asked for the file.",
    "The chair of the Home Affairs Committee, «Helen Marsden», asked for the file.",
    "Labour leader «Helen Marsden» promised a review.",
    "«Helen Marsden», leader of the opposition, promised a review.",
    "The Rt Hon «Helen Marsden» promised a review.",
    "Baroness «Marsden» spoke in the debate.",
    "«Helen Marsden», a crossbench peer, spoke in the debate.",
    # ministers
    "The Home Secretary, «Helen Marsden», told the House that the inquiry would report.",
    "The then Home Secretary, «Helen Marsden», told the House that the inquiry would report.",
    "Then-home secretary «Helen Marsden» set up the inquiry.",
    "The home secretary «Helen Marsden» set up the inquiry.",
    "Home Secretary «Helen Marsden» set up the inquiry.",
    "«Helen Marsden», then Home Secretary, set up the inquiry.",
    "«Helen Marsden», Home Secretary at the time, set up the inquiry.",
    "«Helen Marsden», at the time the Home Secretary, set up the inquiry.",
    "«Helen Marsden» (Home Secretary 2010-2014) set up the inquiry.",
    "As Home Secretary, «Helen Marsden» set up the inquiry.",
    "While Home Secretary, «Helen Marsden» set up the inquiry.",
    "In her time as Home Secretary, «Helen Marsden» set up the inquiry.",
    "«Helen Marsden», speaking as Home Secretary, set up the inquiry.",
    "«Helen Marsden» became Home Secretary in 2010.",
    "«Helen Marsden», who became Home Secretary in 2010, set up the inquiry.",
    "«Helen Marsden» was appointed as Home Secretary in 2010.",
    "«Helen Marsden» succeeded Peter Oakley as Home Secretary.",
    "Helen Marsden succeeded «Peter Oakley» as Home Secretary.",
    "The Prime Minister appointed «Helen Marsden» as Home Secretary.",
    "The safeguarding minister, «Helen Marsden», visited the town.",
    "Home Office minister «Helen Marsden» visited the town.",
    "The minister for children and families, «Helen Marsden», visited the town.",
    "«Helen Marsden», minister for policing, visited the town.",
    "The Secretary of State for Education, «Helen Marsden», visited the town.",
    "«Helen Marsden», Parliamentary Under-Secretary of State at the Home Office, visited the town.",
    "The attorney general, «Helen Marsden», was asked to review the sentence.",
    "The Welsh first minister, «Helen Marsden», visited the town.",
    "In 2014 the then Home Secretary, «Helen Marsden», set up the inquiry.",
    "A letter to the Home Secretary, «Helen Marsden», was never answered.",
    "He wrote to the Home Secretary, «Helen Marsden», in May 2012.",
    "The former prime minister «Helen Marsden» said that lessons had been learned.",
    # councils
    "Councillor «Helen Marsden» chaired the meeting.",
    "Cllr «Helen Marsden» chaired the meeting.",
    "Councillors «Helen Marsden» and Peter Oakley voted against.",
    "Councillors Helen Marsden and «Peter Oakley» voted against.",
    "«Helen Marsden», a Labour councillor, voted against.",
    "«Helen Marsden», councillor for East Ward, voted against.",
    "The council leader, «Helen Marsden», apologised.",
    "Council leader «Helen Marsden» apologised.",
    "The council's then leader, Councillor «Helen Marsden», apologised.",
    "The council's leader, «Helen Marsden», apologised.",
    "The leader of Harnsea Borough Council, «Helen Marsden», apologised.",
    "«Helen Marsden», leader of the council, apologised.",
    "«Helen Marsden», leader of Harnsea Borough Council from 2003 to 2009, apologised.",
    "«Helen Marsden», the former leader of the council, apologised.",
    "«Helen Marsden», deputy leader of the council, apologised.",
    "«Helen Marsden» was leader of the council from 2003 to 2009.",
    "Lead member for children, Cllr «Helen Marsden», apologised.",
    "The cabinet member for children's services, «Helen Marsden», apologised.",
    "«Helen Marsden», cabinet member for children and young people, apologised.",
    "«Helen Marsden», the lead member for children's services, apologised.",
    "The mayor of Harnsea, «Helen Marsden», apologised.",
    "Harnsea's elected mayor, «Helen Marsden», apologised.",
    "Mayor «Helen Marsden» apologised.",
    "«Helen Marsden», the metro mayor, apologised.",
    "«Helen Marsden», mayor of Harnsea, apologised.",
    "The chief executive of Harnsea Borough Council, «Helen Marsden», apologised.",
    "«Helen Marsden», chief executive of Harnsea Borough Council, apologised.",
    "«Helen Marsden», the council's chief executive, apologised.",
    "The council's former chief executive «Helen Marsden» apologised.",
    "«Helen Marsden», the then chief executive, apologised.",
    "«Helen Marsden», interim chief executive, apologised.",
    "Chief Executive: «Helen Marsden»",
    "The director of children's services, «Helen Marsden», apologised.",
    "«Helen Marsden», director of children's services at Harnsea Borough Council, apologised.",
    "«Helen Marsden», the acting director of children's services, apologised.",
    "«Helen Marsden», who was strategic director of children's services until 2014, apologised.",
    "«Helen Marsden», director of public health, apologised.",
    # police and justice
    "Chief Constable «Helen Marsden» apologised.",
    "The chief constable, «Helen Marsden», apologised.",
    "The chief constable of Marlow Valley Police, «Helen Marsden», apologised.",
    "«Helen Marsden», who was chief constable until 2014, apologised.",
    "«Helen Marsden», the force's former chief constable, apologised.",
    "«Helen Marsden», temporary chief constable of Marlow Valley Police, apologised.",
    "Deputy Chief Constable «Helen Marsden» apologised.",
    "The retired chief constable «Helen Marsden» apologised.",
    "The Metropolitan Police commissioner, «Helen Marsden», apologised.",
    "The police and crime commissioner, «Helen Marsden», apologised.",
    "«Helen Marsden», the Police and Crime Commissioner for Marlow Valley, apologised.",
    "«Helen Marsden» (PCC 2012-2016) apologised.",
    "Marlow Valley PCC «Helen Marsden» apologised.",
    "The deputy PCC, «Helen Marsden», apologised.",
    "The Director of Public Prosecutions, «Helen Marsden», reviewed the decision.",
    "«Helen Marsden», then DPP, reviewed the decision.",
    "The IOPC's director general, «Helen Marsden», wrote to the force.",
    "IOPC regional director «Helen Marsden» wrote to the force.",
    "«Helen Marsden», chair of the IPCC, wrote to the force.",
    "«Peter Oakley», her predecessor as chief constable, apologised.",
    "The chief constable, Helen Marsden, and her successor, «Peter Oakley», apologised.",
    # watchdogs, inquiries, commissioners
    "«Helen Marsden», Ofsted's chief inspector, wrote to the council.",
    "Ofsted's chief inspector, «Helen Marsden», wrote to the council.",
    "HM Chief Inspector of Constabulary, Sir «Peter Oakley», wrote to the force.",
    "«Peter Oakley», Her Majesty's Chief Inspector of Prisons, wrote to the minister.",
    "The Children's Commissioner for England, «Helen Marsden», called for change.",
    "«Helen Marsden», the children's commissioner, called for change.",
    "The former children's commissioner «Helen Marsden» called for change.",
    "Former children's commissioner «Helen Marsden» called for change.",
    "«Helen Marsden», the Victims' Commissioner, called for change.",
    "«Helen Marsden», the Information Commissioner, called for change.",
    "Dame «Helen Marsden», chair of the inquiry, called for change.",
    "The inquiry's chair, Professor «Helen Marsden», called for change.",
    "The chair of the Harnsea Inquiry, «Helen Marsden», called for change.",
    "The inquiry was chaired by Dame «Helen Marsden» and sat for two years.",
    "An independent review of the service led by «Helen Marsden» found nineteen failings.",
    "Dame «Helen Marsden», who chaired the independent inquiry, called for change.",
    "The director general of the National Crime Agency, «Helen Marsden», spoke.",
    "«Helen Marsden», chief executive of the charity, called for change.",
    "«Helen Marsden», vice-chancellor of the university, called for change.",
    # press and authors
    "By «Helen Marsden», chief reporter\n\nThe council said nothing for nine years.",
    "By «Helen Marsden»\nCrime correspondent, Harnsea Gazette\n\nThe council said nothing for nine years.",
    "By «Helen Marsden», Harnsea Gazette\n\nThe council said nothing for nine years.",
    "The journalist «Helen Marsden» first wrote about it in 2011.",
    "The journalist «Helen Marsden» of the Harnsea Gazette first wrote about it in 2011.",
    "«Helen Marsden» of the Harnsea Gazette first wrote about it in 2011.",
    "«Helen Marsden», a journalist, first wrote about it in 2011.",
    "«Helen Marsden», editor of the Harnsea Gazette, first wrote about it in 2011.",
    "BBC journalist «Helen Marsden» first wrote about it in 2011.",
    "The author «Helen Marsden» described the town in 2011.",
    "«Helen Marsden», author of the report, described the town in 2011.",
    # tables, blocks, lists
    "| Name | Role |\n| «Helen Marsden» | Chief Executive |\n| Peter Oakley | Minute taker |",
    "| Role | Name |\n| Chief Constable | «Helen Marsden» |\n| Clerk | Peter Oakley |",
    "| Name | Role | Organisation |\n| «Helen Marsden» | Director of Children's Services | Harnsea Borough Council |",
    "Yours sincerely\n\n«Helen Marsden»\nChief Executive\nHarnsea Borough Council",
    "Yours sincerely\n\n«Helen Marsden»\nLeader of the Council",
    "Yours sincerely\n\n«Helen Marsden» OBE\nChief Constable, Marlow Valley Police",
    "Present: «Helen Marsden» (Chief Executive), Peter Oakley (minutes)",
    "- «Helen Marsden» - Director of Public Health",
    "Signed: «Helen Marsden», Member of Parliament for Wexcombe",
    # written after the patterns, to see how they carry over
    "Education minister «Carole Whitby» ruled out a review.",
    "The junior Home Office minister «Carole Whitby» ruled out a review.",
    '"We will act," said «Carole Whitby», the minister responsible for child safety.',
    "«Carole Whitby», minister of state at the Home Office, ruled out a review.",
    "The children's minister, «Carole Whitby», who visited in May, ruled out a review.",
    "In a statement, the chief constable, «Neil Forsyth», said the force had changed.",
    "According to the council leader, «Neil Forsyth», the money had run out.",
    "The letter, from the chief executive, «Neil Forsyth», said nothing.",
    "Its chief executive, «Neil Forsyth», resigned in 2014.",
    "Harnsea council's chief executive, «Neil Forsyth», resigned in 2014.",
    "Police minister «Neil Forsyth» told Sky News he was appalled.",
    "Mr «Forsyth», the chief constable, told the panel he was appalled.",
    "The panel heard from «Neil Forsyth», who served as chief constable between 2005 and 2010.",
    "The panel heard from former chief constable «Neil Forsyth».",
    "The panel heard from the retired deputy chief constable, «Neil Forsyth».",
    "The panel heard from «Neil Forsyth», a former deputy chief constable of the force.",
    "«Neil Forsyth», Assistant Chief Constable, gave evidence on day three.",
    "«Carole Whitby», the Liberal Democrat leader of the county council, gave evidence on day three.",
    "«Carole Whitby», Labour leader of the council since 2011, gave evidence on day three.",
    "«Carole Whitby», portfolio holder for children's services, resigned.",
    "«Carole Whitby», executive member for education, resigned.",
    "«Carole Whitby», the Mayor, opened the meeting.",
    "The Lord Mayor, Councillor «Carole Whitby», opened the meeting.",
    "Ward councillors «Carole Whitby» and «Neil Forsyth» objected.",
    "Parish councillor «Carole Whitby» objected.",
    "Independent councillor «Carole Whitby» objected.",
    "«Carole Whitby», director of children's social care at the council, objected.",
    "«Carole Whitby», the council's director of children's services from 2006 until 2012, objected.",
    "«Carole Whitby», Director for Children and Families, objected.",
    "«Carole Whitby», Executive Director of Children's Services, objected.",
    "Acting chief executive «Carole Whitby» objected.",
    "«Carole Whitby», chief executive of the Harnsea NHS Foundation Trust, objected.",
    "NSPCC chief executive «Carole Whitby» objected.",
    "«Carole Whitby», the chief executive of Barnardo's, objected.",
    "«Carole Whitby», Deputy Children's Commissioner for England, objected.",
    "The Victims Commissioner for England and Wales, Dame «Carole Whitby», objected.",
    "Chief crown prosecutor «Neil Forsyth» authorised the charge.",
    "«Neil Forsyth», chief crown prosecutor for the north-west, authorised the charge.",
    "The former DPP «Neil Forsyth» authorised the charge.",
    "«Neil Forsyth», the information commissioner, fined the council.",
    "Parliamentary ombudsman «Neil Forsyth» fined the council.",
    "«Carole Whitby», HM Chief Inspector of Probation, reported in 2017.",
    "«Carole Whitby», the chief inspector of schools, reported in 2017.",
    "«Carole Whitby», who chairs the public inquiry, reported in 2017.",
    "Inquiry chair «Carole Whitby» reported in 2017.",
    "Dame «Carole Whitby», chairing the inquiry, reported in 2017.",
    "The first minister of Wales, «Neil Forsyth», apologised.",
    "«Neil Forsyth» MLA apologised.",
    "«Carole Whitby», MSP for Lothian, apologised.",
    "Tory peer Lord «Forsyth» apologised.",
    "Viscount «Forsyth» apologised.",
    "«Carole Whitby», who was elected police and crime commissioner in 2012, resigned.",
    "Greater Wexcombe's police and crime commissioner, «Carole Whitby», resigned.",
    "Times journalist «Carole Whitby» broke the story.",
    "«Carole Whitby», a reporter on the Harnsea Echo, broke the story.",
    "«Carole Whitby», chief reporter of the Harnsea Echo, broke the story.",
    "Panorama reporter «Carole Whitby» broke the story.",
    "BBC correspondent «Carole Whitby» broke the story.",
    "Report by «Carole Whitby», BBC News",
    "The historian «Carole Whitby» wrote the first account.",
    "Met commissioner Sir «Neil Forsyth» apologised.",
    "Scotland Yard commissioner «Neil Forsyth» apologised.",
    "Sir «Neil Forsyth», the Metropolitan Police commissioner at the time, apologised.",
]

GOES = [
    # people who work for an office-holder
    "«Helen Marsden», assistant to the chief executive, took the call.",
    "The assistant to the chief executive, «Helen Marsden», took the call.",
    "«Helen Marsden», the chief constable's staff officer, took the call.",
    "The chief constable's staff officer, PC «Helen Marsden», took the call.",
    "The staff officer to the chief constable, «Helen Marsden», took the call.",
    "«Helen Marsden», the MP's researcher, took the call.",
    "The MP's researcher, «Helen Marsden», took the call.",
    "A caseworker for the MP, «Helen Marsden», took the call.",
    "«Helen Marsden», who works for the MP, took the call.",
    "«Helen Marsden», private secretary to the Home Secretary, took the call.",
    "The Home Secretary's special adviser, «Helen Marsden», took the call.",
    "«Helen Marsden» was the chief constable's driver.",
    "«Helen Marsden» was the MP's agent in 2010.",
    "A spokeswoman for the police and crime commissioner, «Helen Marsden», took the call.",
    "«Helen Marsden», PCC support officer, took the call.",
    "«Helen Marsden», MP liaison officer, took the call.",
    "«Helen Marsden», PA to the director of children's services, took the call.",
    "«Helen Marsden», Chief Executive's Office, took the call.",
    "«Helen Marsden», clerk to the council leader, took the call.",
    "«Helen Marsden», inquiry team, took the call.",
    "«Helen Marsden», solicitor to the inquiry, took the call.",
    "«Helen Marsden», council tax officer, took the call.",
    # below what a policy names
    "«Helen Marsden», deputy director of children's services, took the call.",
    "The assistant director of children's services, «Helen Marsden», took the call.",
    "Assistant Chief Executive «Helen Marsden» took the call.",
    "«Helen Marsden», team leader, took the call.",
    "«Helen Marsden», service director, took the call.",
    "«Helen Marsden», head of children's homes, took the call.",
    "«Helen Marsden», managing director of a taxi firm, took the call.",
    "«Helen Marsden», a school inspector, took the call.",
    "The home's superintendent, «Helen Marsden», took the call.",
    "«Helen Marsden», the joint commissioner for health, took the call.",
    "The joint commissioner «Helen Marsden» took the call.",
    "«Helen Marsden», lead commissioner for children's mental health, took the call.",
    "«Helen Marsden», school secretary, took the call.",
    "The club secretary, «Helen Marsden», took the call.",
    "«Helen Marsden», a Methodist minister, took the call.",
    "«Helen Marsden», chair of governors, took the call.",
    "«Helen Marsden», chair of the case conference, took the call.",
    "«Helen Marsden», lead member of staff on duty, took the call.",
    "The scout leader, «Helen Marsden», took the call.",
    "«Helen Marsden», leader of the pack, took the call.",
    "«Helen Marsden», leader of the youth council's choir, took the call.",
    "«Helen Marsden», a candidate for MP, took the call.",
    "The PCC candidate «Helen Marsden» took the call.",
    "«Helen Marsden», who wants to be mayor, took the call.",
    "His Honour Judge «Peter Oakley» passed sentence.",
    "Mr Justice «Oakley» gave judgment, and Lord Justice «Oakley» agreed.",
    "The coroner, «Helen Marsden», took the call.",
    "«Helen Marsden», the lead reviewer's daughter, took the call.",
    "Rev «Helen Marsden», minister at the chapel, took the call.",
    # children and play
    "The youth mayor, «Helen Marsden», took the call.",
    "«Helen Marsden», the young mayor of Harnsea, took the call.",
    "«Helen Marsden», Member of the Youth Parliament for Harnsea, took the call.",
    "School council leader «Helen Marsden» took the call.",
    "Student councillor «Helen Marsden» took the call.",
    # kin and others around an office-holder
    "«Helen Marsden», whose uncle is the MP, took the call.",
    "«Helen Marsden», the mayor's daughter, took the call.",
    "The mayor's daughter, «Helen Marsden», took the call.",
    "The wife of the council leader, «Helen Marsden», took the call.",
    "«Helen Marsden», wife of the council leader, took the call.",
    "«Helen Marsden», niece of the chief constable, took the call.",
    "A constituent of the MP, «Helen Marsden», took the call.",
    "A neighbour of the chief constable, «Helen Marsden», took the call.",
    "«Helen Marsden», a friend of the Home Secretary, took the call.",
    "The widow of the former mayor, «Helen Marsden», took the call.",
    "The chief constable's secretary and her successor, «Helen Marsden», took the call.",
    # somebody else's office in the sentence
    "«Helen Marsden»'s mother, the MP told the panel, was not heard.",
    "It was «Helen Marsden», the MP said, who had rung first.",
    "«Helen Marsden», the MP told the panel, was not heard.",
    "She told the MP «Helen Marsden» was missing.",
    "He told the Home Secretary «Helen Marsden» had been moved.",
    "«Helen Marsden» wrote to the Home Secretary.",
    "«Helen Marsden» met the chief constable in May.",
    "The Home Secretary met «Helen Marsden» in May.",
    "The chief constable apologised to «Helen Marsden» in May.",
    "After meeting the Home Secretary, «Helen Marsden» said she was hopeful.",
    "In a letter to the chief executive of the council, «Helen Marsden» asked for her file.",
    "Speaking to the MP, «Helen Marsden» described the house.",
    "After meeting the MP, «Helen Marsden», who had been in care, went home.",
    "He wrote to the council leader, «Helen Marsden» said.",
    "«Helen Marsden», the MP and the chief constable met in private.",
    "«Helen Marsden», the chief constable, the MP and the mayor met in private.",
    "The chief constable, «Helen Marsden» and Peter Oakley met in private.",
    "Those present were the chief executive, «Helen Marsden», Peter Oakley and a clerk.",
    "«Helen Marsden» and the MP met in private.",
    "The MP and «Helen Marsden» met in private.",
    "«Helen Marsden» was told that the Home Secretary would reply.",
    "«Helen Marsden» left the mayor in no doubt.",
    "«Helen Marsden» asked her MP for help.",
    "«Helen Marsden»'s MP wrote to the force.",
    "Her councillor's letter named «Helen Marsden» twice.",
    "«Helen Marsden» is no councillor.",
    "«Helen Marsden» was not the mayor.",
    "Complaint to: the chief constable. From: «Helen Marsden»",
    "To: Chief Executive\nFrom: «Helen Marsden»",
    "I rang the chief executive: «Helen Marsden» was still missing.",
    "| Name | Reported to |\n| «Helen Marsden» | Chief Constable |",
    "| Complainant | Letter to | Date |\n| «Helen Marsden» | Home Secretary | 3 May 2012 |",
    # reports and writing
    "«Helen Marsden»'s police report was lost.",
    "«Helen Marsden»'s serious case review took two years.",
    "The report by «Helen Marsden» was logged at the desk.",
    "The reporter, «Helen Marsden», rang the control room.",
    "Author: «Helen Marsden»",
    "«Helen Marsden», author of the statement, rang the control room.",
    "«Helen Marsden», author of the letter, rang the control room.",
    "Statement by «Helen Marsden»\n\nI went to the house in May.",
    "By «Helen Marsden», aged 14\n\nI went to the house in May.",
    "Yours sincerely\n\n«Helen Marsden»\nSocial Worker\nHarnsea Borough Council",
    "Yours sincerely\n\n«Helen Marsden»\nPA to the Chief Executive",
    "Yours sincerely\n\n«Helen Marsden»\n\ncc Chief Executive",
    # an office and evidence that protects
    "The MP, «Helen Marsden», was arrested on suspicion of assault.",
    "«Helen Marsden», the former mayor, was arrested in May and never charged.",
    "Councillor «Helen Marsden», a survivor of the home, gave evidence.",
    "Councillor «Helen Marsden» was abused at the home as a girl.",
    "Her father, Councillor «Peter Oakley», took the call.",
    "«Helen Marsden», 15, the mayor of the school parliament, took the call.",
    # written after the patterns, to see how they carry over
    "The minister's brother, «Neil Forsyth», rang us.",
    "«Neil Forsyth», brother of the minister, rang us.",
    "«Neil Forsyth», who had complained to the minister, rang us.",
    "The minister told «Neil Forsyth» to wait.",
    "A minister, «Neil Forsyth» was told, would ring.",
    "He asked the council leader whether «Neil Forsyth» had rung.",
    "«Neil Forsyth», the chief executive's son, rang us.",
    "The son of the chief executive, «Neil Forsyth», rang us.",
    "«Neil Forsyth» is the son of the chief executive.",
    "«Neil Forsyth» is related to the mayor.",
    "«Neil Forsyth» was seen with the mayor.",
    "«Neil Forsyth» was introduced to the mayor at the home.",
    "«Neil Forsyth» was the mayor's guest.",
    "«Neil Forsyth» was on the mayor's list.",
    "«Neil Forsyth» became the MP's lodger in 1983.",
    "«Neil Forsyth», lodger of the MP, rang us.",
    "«Neil Forsyth» was appointed as the MP's caseworker.",
    "«Neil Forsyth» joined the council leader's office.",
    "«Neil Forsyth» was named by the council leader.",
    "«Neil Forsyth» was made to apologise to the mayor.",
    "«Neil Forsyth», an aide to the then home secretary, rang us.",
    "The then home secretary's aide «Neil Forsyth» rang us.",
    "Home Secretary's private office: «Neil Forsyth»",
    "«Neil Forsyth» from the PCC's office rang us.",
    "«Neil Forsyth», office of the PCC, rang us.",
    "«Neil Forsyth», Office of the Police and Crime Commissioner, rang us.",
    "«Neil Forsyth», policy officer to the Children's Commissioner, rang us.",
    "«Neil Forsyth», a Children's Commissioner ambassador, rang us.",
    "«Neil Forsyth», an Ofsted inspector, rang us.",
    "«Neil Forsyth», HMI, rang us.",
    "«Neil Forsyth», director of a care company, rang us.",
    "«Neil Forsyth», director of music, rang us.",
    "«Neil Forsyth», director of children's ministry at the chapel, rang us.",
    "«Neil Forsyth», chair of the residents' association, rang us.",
    "«Neil Forsyth», leader of the group, rang us.",
    "«Neil Forsyth», the ringleader, rang us.",
    "«Neil Forsyth», leader of the youth club, rang us.",
    "Youth leader «Neil Forsyth» rang us.",
    "Choir leader «Neil Forsyth» rang us.",
    "«Neil Forsyth», editor of the school magazine, rang us.",
    "«Neil Forsyth», reporter, rang 101 at 14:05.",
    "Reporter: «Neil Forsyth»",
    "The author of the diary, «Neil Forsyth», rang us.",
    "«Neil Forsyth», author of a poem about the home, rang us.",
    "«Neil Forsyth», who wrote to the DPP, rang us.",
    "«Neil Forsyth», who was interviewed by the chief constable, rang us.",
    "«Neil Forsyth» complained about Chief Constable Sir Roy Whitcombe.",
    "I told the chief constable that «Neil Forsyth» had hurt me.",
    "I met the MP, and «Neil Forsyth» came too.",
    "I met the MP and «Neil Forsyth» at the surgery.",
    "I went with «Neil Forsyth» to see the MP.",
    "I went to see the MP with «Neil Forsyth», her researcher.",
    "We went to the Home Secretary, «Neil Forsyth» and I.",
    "At the mayor's ball «Neil Forsyth» sat alone.",
    "In front of the mayor, «Neil Forsyth» wept.",
    "Thanks to the mayor, «Neil Forsyth» got a flat.",
    "Unlike the mayor, «Neil Forsyth» had known for years.",
    "Like the chief constable, «Neil Forsyth» said nothing.",
    "To the mayor, «Neil Forsyth» was a hero.",
    "With the chief constable looking on, «Neil Forsyth» signed.",
    "Asked by the MP, «Neil Forsyth» said yes.",
    "As the MP said, «Neil Forsyth» was let down.",
    "As the mayor's guest, «Neil Forsyth» sat at the front.",
    "When the Home Secretary came, «Neil Forsyth» stayed away.",
    "The Home Secretary came. «Neil Forsyth» stayed away.",
    "Dear Home Secretary, my name is «Neil Forsyth».",
    "Dear Councillor, «Neil Forsyth» needs a school place.",
    "To the Chief Executive: «Neil Forsyth» has not been seen since May.",
    "Chief Executive's PA: «Neil Forsyth»",
    "Sincerely\n\n«Neil Forsyth»\nfor Chief Executive",
    "Sincerely\n\n«Neil Forsyth»\np.p. Chief Constable",
    "Superintendent of the home «Neil Forsyth» beat us.",
    "Matron and the superintendent, «Neil Forsyth», beat us.",
    "Ambulance commander «Neil Forsyth» came at once.",
    "Lance Corporal «Neil Forsyth» came at once.",
    "Church councillor «Neil Forsyth» came at once.",
    "Relationship counsellor «Neil Forsyth» came at once.",
    "Head boy and school council leader, «Neil Forsyth», came at once.",
    "Former Labour candidate «Neil Forsyth» came at once.",
    "Labour activist «Neil Forsyth» came at once.",
    "Labour's youth officer «Neil Forsyth» came at once.",
    "Conservative Club steward «Neil Forsyth» came at once.",
]
MARK = re.compile(r"«([^»]+)»")
# An office is stated of these; other evidence in the text beats it.
HEARD_YET_PROTECTED = [row for row in GOES if re.search("arrested|survivor|abused|Her father", row)]


def unmarked(row: str) -> tuple[str, list[Span]]:
    spans = [Span(m.start() - 2 * n, m.end() - 2 * n - 2) for n, m in enumerate(MARK.finditer(row))]
    return MARK.sub(r"\1", row), spans


def heard(row: str) -> bool:
    """Whether the patterns alone hear an office that the policy lists."""
    text, spans = unmarked(row)
    scopes = Scopes(text)
    return all(stated(text, scopes.units[scopes.index(s.start)], s.start, s.end) & POLICY.offices for s in spans)


def resolved(text: str, engine: Engine, policy: Policy = POLICY) -> Resolution:
    document = Document("d01", ClearText("a.txt"), "text/plain", Content((Block(BlockKind.PARAGRAPH, ClearText(text)),)))
    return resolve([document], {"d01": text}, {"d01": engine.detect("d01", text)}, EMPTY_CASE, policy)


def kept(row: str, engine: Engine) -> list[bool]:
    """For each marked mention: whether it stays named, without a case, after the real recognizers."""
    text, spans = unmarked(row)
    found = resolved(text, engine)
    roles = {p.id: p.role for p in found.persons}
    rows = [[x for x in found.linked["d01"] if x.mention.span.overlaps(s)] for s in spans]
    assert all(rows), "a name was not found at all"
    return [all(x.certain and not roles[x.person].protected for x in r) for r in rows]


@pytest.mark.parametrize("row", STAYS)
def test_an_office_is_heard(row: str) -> None:
    assert heard(row)


@pytest.mark.parametrize("row", [row for row in GOES if row not in HEARD_YET_PROTECTED])
def test_a_look_alike_is_not_heard(row: str) -> None:
    assert not heard(row)


@pytest.mark.parametrize("row", STAYS)
def test_an_office_holder_stays_named_without_a_case(row: str, engine: Engine) -> None:
    assert kept(row, engine) == [True] * len(MARK.findall(row))


@pytest.mark.parametrize("row", GOES)
def test_a_look_alike_is_masked(row: str, engine: Engine) -> None:
    assert not any(kept(row, engine))


def test_the_policy_says_which_offices_count(engine: Engine) -> None:
    text = "The Home Secretary, Helen Marsden, set up the inquiry."
    assert resolved(text, engine).persons[0].role is Role.PUBLIC_FIGURE
    assert resolved(text, engine, load_policy("strict")).persons[0].role.protected


def test_an_office_stated_once_names_its_holder_throughout(engine: Engine) -> None:
    text = "The chief executive, Helen Marsden, apologised. Ms Marsden left in May. Marsden now lives abroad."
    found = resolved(text, engine)
    (person,) = [p for p in found.persons if p.mentions]
    assert person.role is Role.PUBLIC_FIGURE and len(person.mentions) == 3
    assert all(row.certain for row in found.linked["d01"])


def test_an_office_stated_of_a_first_name_frees_nobody_of_that_name(engine: Engine) -> None:
    text = "The MP, Helen, rang in May. Helen was seen at the flat that night."
    assert all(p.role.protected for p in resolved(text, engine).persons)


def test_no_text_takes_long() -> None:
    long = "Of The Former Council Police Children's Chief " * 40
    text = f"{long} Helen Marsden said so, the the former council {long}"
    scopes, at = Scopes(text), text.index("Helen")
    began = time.perf_counter()
    stated(text, scopes.units[scopes.index(at)], at, at + 13)
    assert time.perf_counter() - began < 2


def test_an_outline_never_hides_a_frame() -> None:
    said = grammar()
    office = "chief constable of Marlow"
    leads = [f"the {office} ", f"The {office}, ", f"while she was {office}, ", f"{office} was followed by her successor, "]
    tails = [f", {office}", f" was {office}", f", speaking as {office}, ", f" (the {office})", f", the {office} was Ann Lee"]
    for text in (*leads, *tails, office, "then "):
        for frame, pattern in said.frames.items():
            whole, guarded = pattern.search(text), said.search(frame, text)
            assert (whole and whole.groups()) == (guarded and guarded.groups()), frame
            whole, guarded = pattern.match(text), said.match(frame, text)
            assert (whole and whole.groups()) == (guarded and guarded.groups()), frame
    assert {f for f in said.outlines for text in (*leads, *tails) if said.search(f, text)} >= {"before", "after", "followed"}
